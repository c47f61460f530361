import { sql } from 'kysely';
import { z } from 'zod';
import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/new-id.ts';
import { askForMail } from './ask-for-mail.ts';
import { openAddressLink } from './address-link.ts';
import { confirmPassword } from './confirm-password.ts';
import type { AccountsDeps } from './deps.ts';

export const ChangeAddress = z
  .strictObject({ email: z.string().min(1).max(320), password: z.string().min(1).max(1_000) })
  .meta({ id: 'ChangeAddress' });
export type ChangeAddress = z.infer<typeof ChangeAddress>;

/**
 * Asks for another address of the caller. Nothing changes until the old mailbox has agreed and then the new one, within an hour; a newer wish replaces this
 * one. Says nothing about whether somebody has the new address. Throws `invalid_request` for an address that is none or the present one,
 * `invalid_credentials` for a wrong password, `rate_limited` after ten.
 */
export async function askToChangeAddress(
  deps: Pick<AccountsDeps, 'db' | 'authDb' | 'passwords' | 'signInFailures'>,
  actor: Actor,
  input: ChangeAddress,
): Promise<void> {
  const wanted = z.email().safeParse(input.email.trim().toLowerCase());
  if (!wanted.success) throw unfit('Not an e-mail address');
  const email = await confirmPassword(deps, actor.userId, input.password);
  if (wanted.data === email) throw unfit('This is the address already');
  const wish = {
    change_id: newId(),
    old_email: email,
    new_email: wanted.data,
    agreed_at: null,
    expires_at: sql<Date>`now() + interval '1 hour'`,
  };
  await deps.authDb.kysely
    .insertInto('auth.address_change')
    .values({ ...wish, user_id: actor.userId })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(wish))
    .execute();
  await askForMail(deps, 'send_change_address_old_mail', actor.userId);
}

const unfit = (detail: string): AppError =>
  new AppError('invalid_request', { errors: [{ pointer: '/email', detail }] });

/** `agreed`: the new mailbox is asked now. `changed`: done. `invalid_link`: forged, late, used, or the address has an account by now. */
export type AddressOutcome = 'agreed' | 'changed' | 'invalid_link';

/** What the button behind either link does. Each link works once. */
export async function followAddressLink(
  deps: Pick<AccountsDeps, 'db' | 'authDb' | 'secret'>,
  token: string,
): Promise<AddressOutcome> {
  const link = openAddressLink(deps.secret, token);
  if (!link) return 'invalid_link';
  if (link.mailbox === 'old') return agree(deps, link.changeId);
  try {
    return await change(deps, link.changeId);
  } catch (error) {
    // Somebody signed up with it at this very instant (unique_violation).
    if ((error as { code?: unknown }).code === '23505') return 'invalid_link';
    throw error;
  }
}

async function agree(deps: Pick<AccountsDeps, 'db' | 'authDb'>, changeId: string): Promise<AddressOutcome> {
  const wish = await deps.authDb.kysely
    .updateTable('auth.address_change')
    .set({ agreed_at: sql<Date>`now()` })
    .where('change_id', '=', changeId)
    .where('agreed_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning('user_id')
    .executeTakeFirst();
  if (!wish) return 'invalid_link';
  await askForMail(deps, 'send_change_address_new_mail', wish.user_id);
  return 'agreed';
}

async function change({ authDb }: Pick<AccountsDeps, 'authDb'>, changeId: string): Promise<AddressOutcome> {
  return authDb.kysely.transaction().execute(async (tx) => {
    const wish = await tx
      .deleteFrom('auth.address_change')
      .where('change_id', '=', changeId)
      .where('agreed_at', 'is not', null)
      .where('expires_at', '>', sql<Date>`now()`)
      .returning(['user_id', 'old_email', 'new_email'])
      .executeTakeFirst();
    if (!wish) return 'invalid_link';
    // Somebody may have signed up with it since the mail was sent.
    const { numUpdatedRows } = await tx
      .updateTable('auth.user')
      .set({ email: wish.new_email, email_verified: true, updated_at: new Date() })
      .where('id', '=', wish.user_id)
      .where('email', '=', wish.old_email)
      .where((row) =>
        row.not(
          row.exists(row.selectFrom('auth.user as taken').select('taken.id').where('taken.email', '=', wish.new_email)),
        ),
      )
      .executeTakeFirst();
    return numUpdatedRows > 0n ? 'changed' : 'invalid_link';
  });
}
