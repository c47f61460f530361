import { randomUUID } from 'node:crypto';
import { symmetricDecrypt } from 'better-auth/crypto';
import { signCookie } from '#features/accounts/session-cookie.ts';
import { stepOf, totpAt } from '#features/accounts/totp.ts';
import {
  aVerifiedUser,
  cookiesOf,
  signIn,
  type SignedUp,
  type TestAccounts,
  testOrigin,
  testPassword,
} from './accounts.ts';
import type { TestDatabase } from './database.ts';

/** Posts to a route of Better Auth from a page of ours. */
export const postAuth = (accounts: Pick<TestAccounts, 'app'>, path: string, cookie: string, payload: object) =>
  accounts.app.inject({
    method: 'POST',
    url: `/api/auth${path}`,
    headers: { host: 'localhost:8000', origin: testOrigin, cookie },
    payload,
  });

export type Protected = SignedUp & {
  /** The cookie of the session that switched the second factor on. */
  cookie: string;
  secret: string;
  recoveryCodes: string[];
  /** The code `away` steps from the present one. */
  code: (away?: number) => string;
};

/** A verified person who switched the second factor on over HTTP. The code used for it is forgotten, so that tests may use every code. */
export async function aProtectedUser(accounts: TestAccounts, db: TestDatabase): Promise<Protected> {
  const user = await aVerifiedUser(accounts);
  const first = await signIn(accounts, user.email);
  const enabled = await postAuth(accounts, '/two-factor/enable', first, { password: testPassword });
  if (enabled.statusCode !== 200) throw new Error(`enable: ${enabled.statusCode} ${enabled.body}`);
  const { rows } = await db.owner.pool.query<{ secret: string }>(
    'select secret from auth.two_factor where user_id = $1',
    [user.userId],
  );
  const { secretConfig: key } = await accounts.deps.auth.$context;
  const secret = await symmetricDecrypt({ key, data: rows[0]!.secret });
  const code = (away = 0): string => totpAt(secret, stepOf(Date.now()) + away);
  const verified = await postAuth(accounts, '/two-factor/verify-totp', first, { code: code() });
  if (verified.statusCode !== 200) throw new Error(`verify-totp: ${verified.statusCode} ${verified.body}`);
  await db.owner.pool.query('delete from auth.totp_attempt where user_id = $1', [user.userId]);
  const cookie = cookiesOf(verified.headers['set-cookie']);
  return { ...user, cookie, secret, recoveryCodes: enabled.json().backupCodes, code };
}

/** The cookie of a sign-in whose password was right and whose code is awaited, as the password route makes it, without the cost of the password. */
export async function aHalfSignIn(accounts: TestAccounts, userId: string): Promise<string> {
  const { internalAdapter, secret } = await accounts.deps.auth.$context;
  const identifier = `2fa-${randomUUID()}`;
  const expiresAt = new Date(Date.now() + 600_000);
  await internalAdapter.createVerificationValue({ identifier, value: userId, expiresAt });
  await internalAdapter.createVerificationValue({ identifier: `2fa-attempts-${identifier}`, value: '0', expiresAt });
  return `pingvas.two_factor=${encodeURIComponent(signCookie(identifier, secret))}`;
}
