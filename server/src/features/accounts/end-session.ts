import { sql } from 'kysely';
import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import { isId } from '#platform/http/schemas.ts';
import type { AccountsDeps } from './deps.ts';

/**
 * Ends one sign-in of the caller, also the one the call is made with: a cookie session, or a refresh family with its access tokens. Other processes hear of
 * it by the notification of the same statement, within a second without it. Throws `not_found` for what is not the caller's or has ended.
 */
export async function endSession(
  { authDb, callers }: Pick<AccountsDeps, 'authDb' | 'callers'>,
  actor: Actor,
  sessionId: string,
): Promise<void> {
  if (!isId(sessionId)) throw new AppError('not_found');
  const { kysely } = authDb;
  const session = await kysely
    .deleteFrom('auth.session')
    .where('id', '=', sessionId)
    .where('user_id', '=', actor.userId)
    .executeTakeFirst();
  const family =
    session.numDeletedRows > 0n
      ? undefined
      : await kysely
          .updateTable('auth.refresh_family')
          .set({ ended_at: sql<Date>`clock_timestamp()`, end_reason: 'revoked' })
          .where('family_id', '=', sessionId)
          .where('user_id', '=', actor.userId)
          .where('ended_at', 'is', null)
          .executeTakeFirst();
  if (family?.numUpdatedRows === 0n) throw new AppError('not_found');
  callers.forget();
}
