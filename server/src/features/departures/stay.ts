import { sql } from 'kysely';
import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import type { AccountsDeps } from '../accounts/index.ts';

/** Takes the wish to go back. Throws `not_found` when there is none, or it is due and being done. */
export async function stay({ authDb }: Pick<AccountsDeps, 'authDb'>, { userId }: Pick<Actor, 'userId'>): Promise<void> {
  const { numDeletedRows } = await authDb.kysely
    .deleteFrom('auth.account_deletion')
    .where('user_id', '=', userId)
    .where('due_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new AppError('not_found');
}
