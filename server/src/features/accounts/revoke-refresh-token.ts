import { sql } from 'kysely';
import type { AccountsDeps } from './deps.ts';
import { hashRefreshToken, isRefreshToken } from './refresh-token.ts';

/** Ends the family of a refresh token, its access tokens included. A token that is unknown or ended already is no error (RFC 7009 §2.2). */
export async function revokeRefreshToken(
  { authDb, callers }: Pick<AccountsDeps, 'authDb' | 'callers'>,
  token: string,
): Promise<void> {
  if (!isRefreshToken(token)) return;
  await authDb.kysely
    .updateTable('auth.refresh_family')
    .set({ ended_at: sql<Date>`clock_timestamp()`, end_reason: 'revoked' })
    .where('ended_at', 'is', null)
    .where('family_id', '=', (query) =>
      query.selectFrom('auth.refresh_token').select('family_id').where('hash', '=', hashRefreshToken(token)),
    )
    .execute();
  callers.forget();
}
