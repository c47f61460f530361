import { sql } from 'kysely';
import { AppError } from '#platform/errors.ts';
import type { AccountsDeps } from './deps.ts';
import type { Tokens } from './exchange-password.ts';
import { hashRefreshToken, isRefreshToken, makeRefreshToken } from './refresh-token.ts';

/** Two processes of one program may refresh at once, and an answer may be lost: for this long a second use is no theft. */
const graceSeconds = 10;

type Rotation = {
  outcome: 'rotated' | 'in_progress' | 'reuse' | 'ended';
  family_id: string;
  user_id: string;
  epoch: number;
};

/**
 * Exchanges a refresh token for new tokens; it works once. Throws `refresh_in_progress` when it was used less than ten seconds ago (its family lives on),
 * `invalid_refresh_token` when it is unknown or its family has ended; a later second use ends the family, because two parties hold its tokens.
 */
export async function rotateRefreshToken(
  deps: Pick<AccountsDeps, 'authDb' | 'accessTokens' | 'callers' | 'log'>,
  token: string,
): Promise<Tokens> {
  if (!isRefreshToken(token)) throw new AppError('invalid_refresh_token');
  const next = makeRefreshToken();
  const { rows } =
    await sql<Rotation>`select * from auth.refresh_rotate(${hashRefreshToken(token)}, ${hashRefreshToken(next)},
    ${graceSeconds} * interval '1 second')`.execute(deps.authDb.kysely);
  const [rotation] = rows;
  if (rotation?.outcome === 'rotated') {
    const { family_id: familyId, user_id: userId, epoch } = rotation;
    return { accessToken: await deps.accessTokens.sign({ userId, familyId, epoch }), refreshToken: next };
  }
  if (rotation?.outcome === 'in_progress') {
    throw new AppError('refresh_in_progress', { headers: { 'retry-after': '1' } });
  }
  if (rotation?.outcome === 'reuse') {
    deps.callers.forget();
    deps.log.warn(
      { user_id: rotation.user_id, family_id: rotation.family_id },
      'refresh token used again; its family ended',
    );
  }
  throw new AppError('invalid_refresh_token');
}
