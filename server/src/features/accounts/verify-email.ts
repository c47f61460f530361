import type { AccountsDeps } from './deps.ts';
import { grantFreeNow } from './confirm-mailbox.ts';
import { openVerificationToken } from './verification-token.ts';

export type VerifyEmailInput = {
  token: string;
  /** How the visitor shows to be the one who signed up; `link_alone` asks for nothing more than the mail. */
  proof: { by: 'link_alone' } | { by: 'browser'; userId: string | undefined } | { by: 'password'; password: string };
};

/** `verified` also when it was before. `proof_needed`: the link is good, but the visitor must show that the account is theirs. */
export type VerifyEmailOutcome = 'verified' | 'proof_needed' | 'wrong_password' | 'invalid_link';

/**
 * Marks an address as verified, and gives the Free credits of the month. Anyone may sign up with an address that is not theirs; the password they chose
 * must not become a way into an account whose mailbox somebody else proved. Decision record 0030 says which visitors need which proof.
 */
export async function verifyEmail(
  deps: Pick<AccountsDeps, 'db' | 'authDb' | 'secret' | 'clock' | 'log' | 'passwords'>,
  { token, proof }: VerifyEmailInput,
): Promise<VerifyEmailOutcome> {
  const link = await openVerificationToken(deps, token);
  if (!link) return 'invalid_link';
  const user = await deps.authDb.kysely
    .selectFrom('auth.user')
    .leftJoin('auth.account', (join) =>
      join.onRef('auth.account.user_id', '=', 'auth.user.id').on('provider_id', '=', 'credential'),
    )
    .select(['auth.user.id', 'email', 'email_verified', 'password'])
    .where('auth.user.id', '=', link.userId)
    .executeTakeFirst();
  // An account that was deleted and made again, or whose address has changed since, is not the one the mail was for.
  if (user?.email !== link.email) return 'invalid_link';
  if (user.email_verified) return 'verified';
  if (proof.by === 'browser' && proof.userId !== user.id) return 'proof_needed';
  if (proof.by === 'password') {
    const right = user.password
      ? await deps.passwords.verify({ hash: user.password, password: proof.password })
      : await deps.passwords.verifyNothing(proof.password);
    if (!right) return 'wrong_password';
  }
  await deps.authDb.kysely
    .updateTable('auth.user')
    .set({ email_verified: true, updated_at: new Date() })
    .where('id', '=', user.id)
    .where('email', '=', link.email)
    .where('email_verified', '=', false)
    .execute();
  await grantFreeNow(deps, user.id);
  return 'verified';
}
