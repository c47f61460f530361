import { sql } from 'kysely';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/new-id.ts';
import { checkSecondFactor } from './check-second-factor.ts';
import type { AccountsDeps } from './deps.ts';
import { hashRefreshToken, makeRefreshToken } from './refresh-token.ts';

export type Tokens = { accessToken: string; refreshToken: string };

// How long a program may go on refreshing before a person has to sign in again.
const familyDays = 90;

/**
 * Signs a program in with a person's password: a new refresh family and its first access token. No cookie session is made.
 * Throws `invalid_credentials`, after the same work, for an unknown address, a wrong password, an account without one and a disabled account;
 * `email_not_verified` and `totp_required` (a code missing, wrong or used) only for the right password;
 * `rate_limited` after ten wrong ones for an address within a quarter of an hour.
 */
export async function exchangePassword(
  deps: Pick<
    AccountsDeps,
    'authDb' | 'passwords' | 'accessTokens' | 'auth' | 'clock' | 'codeAttempts' | 'signInFailures'
  >,
  { email, password, totp }: { email: string; password: string; totp?: string | undefined },
): Promise<Tokens> {
  await deps.signInFailures.count(email);
  const user = await deps.authDb.kysely
    .selectFrom('auth.user')
    .leftJoin('auth.account', (join) =>
      join.onRef('auth.account.user_id', '=', 'auth.user.id').on('provider_id', '=', 'credential'),
    )
    .select(['auth.user.id', 'email_verified', 'disabled_at', 'epoch', 'two_factor_enabled', 'password'])
    .where('email', '=', email.trim().toLowerCase())
    .executeTakeFirst();
  const right = user?.password
    ? await deps.passwords.verify({ hash: user.password, password })
    : await deps.passwords.verifyNothing(password);
  if (!user || !right || user.disabled_at) throw new AppError('invalid_credentials');
  await deps.signInFailures.forget(email);
  if (!user.email_verified) throw new AppError('email_not_verified');
  if (user.two_factor_enabled) await checkSecondFactor(deps, user.id, totp);
  const familyId = newId();
  const refreshToken = makeRefreshToken();
  await deps.authDb.kysely
    .with('family', (query) =>
      query.insertInto('auth.refresh_family').values({
        family_id: familyId,
        user_id: user.id,
        expires_at: sql<Date>`now() + ${familyDays} * interval '1 day'`,
      }),
    )
    .insertInto('auth.refresh_token')
    .values({ hash: hashRefreshToken(refreshToken), family_id: familyId })
    .execute();
  return { accessToken: await deps.accessTokens.sign({ userId: user.id, familyId, epoch: user.epoch }), refreshToken };
}
