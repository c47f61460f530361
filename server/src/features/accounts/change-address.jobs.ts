import { sql } from 'kysely';
import { z } from 'zod';
import type { Mail } from '#adapters/mail/port.ts';
import type { Chores } from '#platform/jobs/chores.ts';
import { accountMail } from '../notifications/index.ts';
import { makeAddressLink } from './address-link.ts';
import type { AccountsDeps } from './deps.ts';

type Needs = Pick<AccountsDeps, 'authDb' | 'secret' | 'publicUrl'> & { mail: Mail };

const Payload = z.object({ user_id: z.string(), mail_id: z.string() });
const languageOf = (locale: string): 'ko' | 'en' => (locale === 'ko' ? 'ko' : 'en');

/** The two mails of a change of address. The payload names the person; the wish says the rest when the mail is sent. */
export function changeAddressChores({ authDb, secret, publicUrl, mail }: Needs): Chores {
  async function wishOf(userId: string) {
    return authDb.kysely
      .selectFrom('auth.address_change')
      .innerJoin('auth.user', 'auth.user.id', 'user_id')
      .select(['change_id', 'old_email', 'new_email', 'agreed_at', 'locale'])
      .where('user_id', '=', userId)
      .where('expires_at', '>', sql<Date>`now()`)
      .executeTakeFirst();
  }
  const linkTo = (changeId: string, mailbox: 'old' | 'new'): string =>
    `${publicUrl}/api/auth/change-address?token=${makeAddressLink(secret, changeId, mailbox)}`;
  return {
    send_change_address_old_mail: async (payload) => {
      const { user_id: userId, mail_id: messageId } = Payload.parse(payload);
      const wish = await wishOf(userId);
      if (!wish) return;
      const text = accountMail('change_address_old', languageOf(wish.locale), linkTo(wish.change_id, 'old'));
      await mail.send({ messageId, to: wish.old_email, ...text });
    },
    send_change_address_new_mail: async (payload) => {
      const { user_id: userId, mail_id: messageId } = Payload.parse(payload);
      const wish = await wishOf(userId);
      if (!wish?.agreed_at) return;
      const owner = await authDb.kysely
        .selectFrom('auth.user')
        .select('locale')
        .where('email', '=', wish.new_email)
        .executeTakeFirst();
      // Whoever has the address already is told so there, and nowhere else.
      const text = owner
        ? accountMail('address_taken', languageOf(owner.locale), publicUrl)
        : accountMail('change_address_new', languageOf(wish.locale), linkTo(wish.change_id, 'new'));
      await mail.send({ messageId, to: wish.new_email, ...text });
    },
  };
}
