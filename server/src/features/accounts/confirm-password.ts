import { AppError } from '#platform/errors.ts';
import type { AccountsDeps } from './deps.ts';

/**
 * Asks a signed-in person for their password again, before what matters; wrong ones count like failed sign-ins. Returns their address. Who has no password
 * (a provider's account) sets one first. Throws `invalid_credentials`, `rate_limited` after ten, `unauthenticated`.
 */
export async function confirmPassword(
  { authDb, passwords, signInFailures }: Pick<AccountsDeps, 'authDb' | 'passwords' | 'signInFailures'>,
  userId: string,
  password: string,
): Promise<string> {
  const user = await authDb.kysely
    .selectFrom('auth.user')
    .leftJoin('auth.account', (join) =>
      join.onRef('auth.account.user_id', '=', 'auth.user.id').on('provider_id', '=', 'credential'),
    )
    .select(['email', 'password'])
    .where('auth.user.id', '=', userId)
    .executeTakeFirst();
  if (!user) throw new AppError('unauthenticated');
  await signInFailures.count(user.email);
  const right = user.password
    ? await passwords.verify({ hash: user.password, password })
    : await passwords.verifyNothing(password);
  if (!right) throw new AppError('invalid_credentials');
  await signInFailures.forget(user.email);
  return user.email;
}
