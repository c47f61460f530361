import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Mail } from '#adapters/mail/port.ts';
import type { Chores, ScheduledChore } from '#platform/jobs/chores.ts';
import { accountMail, type AccountMailKind } from '../notifications/index.ts';
import { changeAddressChores } from './change-address.jobs.ts';
import type { AccountsDeps } from './deps.ts';
import { grantFree } from './grant-free.ts';
import { makeVerificationToken } from './verification-token.ts';

const MailPayload = z.object({ user_id: z.string().nullable(), mail_id: z.string() });
const UserPayload = z.object({ user_id: z.string() });

type Needs = Pick<AccountsDeps, 'db' | 'authDb' | 'auth' | 'secret' | 'clock' | 'publicUrl'> & { mail: Mail };
type Person = { id: string; email: string; email_verified: boolean; locale: string };

/** The chores of accounts: their mails, the safety net under the Free grant, and the sweep of what has expired. */
export function accountsChores(deps: Needs): Chores {
  const mailChore =
    (kind: AccountMailKind, linkFor: (user: Person) => Promise<string | undefined>) => async (payload: unknown) => {
      const { user_id: userId, mail_id: messageId } = MailPayload.parse(payload);
      if (userId === null) return;
      const user = await deps.authDb.kysely
        .selectFrom('auth.user')
        .select(['id', 'email', 'email_verified', 'locale'])
        .where('id', '=', userId)
        .executeTakeFirst();
      const link = user && (await linkFor(user));
      if (!link) return;
      await deps.mail.send({
        messageId,
        to: user.email,
        ...accountMail(kind, user.locale === 'ko' ? 'ko' : 'en', link),
      });
    };
  return {
    send_verification_mail: mailChore('verification', async (user) =>
      user.email_verified
        ? undefined
        : `${deps.publicUrl}/api/auth/verify-email?token=${await makeVerificationToken(deps, user)}`,
    ),
    send_reset_mail: mailChore(
      'reset',
      async (user) => `${deps.publicUrl}/api/auth/reset-password?token=${await makeResetToken(deps, user.id)}`,
    ),
    send_address_taken_mail: mailChore('address_taken', async () => Promise.resolve(deps.publicUrl)),
    send_second_factor_mail: mailChore('second_factor_attacked', async () => Promise.resolve(deps.publicUrl)),
    send_deletion_mail: mailChore('deletion_asked', async () => Promise.resolve(`${deps.publicUrl}/account`)),
    ...changeAddressChores(deps),
    grant_free: async (payload) => {
      const { user_id: userId } = UserPayload.parse(payload);
      if ((await grantFree(deps, userId)) !== 'claimed') return;
      // The address had this month's credits in an earlier account: its own month begins later, so ask again tomorrow.
      await sql`select graphile_worker.add_job('grant_free', ${JSON.stringify({ user_id: userId })}::json,
        run_at => now() + interval '1 day', job_key => ${`grant_free:${userId}`})`.execute(deps.db.kysely);
    },
    sweep_accounts: async () => sweepAccounts(deps),
  };
}

export const accountsSchedule: ScheduledChore[] = [{ task: 'sweep_accounts', when: '17 * * * *' }];

/** A single-use token for a new password, stored hashed, in the form that Better Auth's reset consumes. Returns the token. */
async function makeResetToken({ auth, clock }: Pick<Needs, 'auth' | 'clock'>, userId: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const { internalAdapter } = await auth.$context;
  await internalAdapter.createVerificationValue({
    value: userId,
    identifier: `reset-password:${token}`,
    expiresAt: new Date(clock.nowMs() + 3_600_000),
  });
  return token;
}

/** Removes what only grows: expired sessions, links and refresh families (kept a week, so that a late reuse is still answered as one). */
async function sweepAccounts({ authDb }: Pick<Needs, 'authDb'>): Promise<void> {
  const { kysely } = authDb;
  await kysely
    .deleteFrom('auth.verification')
    .where('expires_at', '<', sql<Date>`now()`)
    .execute();
  await kysely
    .deleteFrom('auth.session')
    .where('expires_at', '<', sql<Date>`now()`)
    .execute();
  await kysely
    .deleteFrom('auth.used_captcha')
    .where('expires_at', '<', sql<Date>`now()`)
    .execute();
  await kysely
    .deleteFrom('auth.address_change')
    .where('expires_at', '<', sql<Date>`now()`)
    .execute();
  await kysely
    .deleteFrom('auth.refresh_family')
    .where('expires_at', '<', sql<Date>`now() - interval '7 days'`)
    .execute();
}
