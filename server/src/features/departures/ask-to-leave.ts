import { sql } from 'kysely';
import type { Actor } from '#platform/actor.ts';
import { type AccountsDeps, askForMail, confirmPassword } from '../accounts/index.ts';
import { listHomes } from './list-homes.ts';

/** Between the wish and the deletion: time to think again, and to notice that somebody else wished it. */
const graceDays = 14;

/**
 * Asks for the deletion of the caller's account, with the password; a mail says so. Asking again changes nothing. Returns when it is due.
 * Throws what `confirmPassword` throws, and `last_owner`.
 */
export async function askToLeave(
  deps: Pick<AccountsDeps, 'db' | 'authDb' | 'passwords' | 'signInFailures'>,
  { userId }: Pick<Actor, 'userId'>,
  password: string,
): Promise<{ due_at: string }> {
  await confirmPassword(deps, userId, password);
  await listHomes(deps.db, userId);
  const { due_at: dueAt, isNew } = await deps.authDb.kysely
    .insertInto('auth.account_deletion')
    .values({ user_id: userId, due_at: sql<Date>`now() + ${graceDays} * interval '1 day'` })
    .onConflict((conflict) =>
      conflict.column('user_id').doUpdateSet((row) => ({ user_id: row.ref('excluded.user_id') })),
    )
    .returning(['due_at', sql<boolean>`asked_at = now()`.as('isNew')])
    .executeTakeFirstOrThrow();
  if (isNew) await askForMail(deps, 'send_deletion_mail', userId);
  return { due_at: dueAt.toISOString() };
}
