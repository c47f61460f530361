import { sql } from 'kysely';
import { AppError } from '#platform/errors.ts';
import type { AccountsDeps } from './deps.ts';

/**
 * Disables a person: sessions, refresh families, access tokens and API keys end at once (a trigger of the same statement ends what is stored).
 * Throws `not_found`. Doing it twice changes nothing more.
 */
export async function disableUser(
  { authDb, callers }: Pick<AccountsDeps, 'authDb' | 'callers'>,
  userId: string,
): Promise<void> {
  const { numUpdatedRows } = await authDb.kysely
    .updateTable('auth.user')
    .set((row) => ({ disabled_at: row.fn.coalesce(row.ref('disabled_at'), sql<Date>`now()`) }))
    .where('id', '=', userId)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new AppError('not_found');
  callers.forget();
}
