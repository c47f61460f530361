import { expect } from 'vitest';
import {
  anEmail,
  aVerifiedUser,
  cookiesOf,
  linkTo,
  signIn,
  signUp,
  testAccounts,
  testOrigin,
  testPassword,
} from '#test/accounts.ts';
import { test } from '#test/database.ts';
import { aProtectedUser, postAuth } from '#test/second-factor.ts';

// Holes that were found in Better Auth. None of them may open again by an upgrade, a setting or a route of ours.

const host = 'localhost:8000';

test('CVE-2025-61928: an API key is made for whoever calls, whatever person the body names', async ({ db }) => {
  const accounts = await testAccounts(db);
  const victim = await aVerifiedUser(accounts);
  const caller = await aVerifiedUser(accounts);
  const cookie = await signIn(accounts, caller.email);
  for (const field of ['userId', 'user_id', 'created_by']) {
    const payload = { name: 'stolen', [field]: victim.userId };
    for (const [headers, status] of [
      [{ host }, 401],
      [{ host, cookie, origin: testOrigin }, 422],
    ] as const) {
      const answer = await accounts.app.inject({ method: 'POST', url: '/api/v1/api-keys', headers, payload });
      expect([field, answer.statusCode]).toEqual([field, status]);
    }
    for (const path of ['/api-key/create', '/api-key/update', '/api-key/verify'])
      expect((await postAuth(accounts, path, '', payload)).statusCode, path).toBe(404);
  }
  const { rows } = await db.owner.pool.query('select 1 from api_key where created_by = any($1)', [
    [victim.userId, caller.userId],
  ]);
  expect(rows).toEqual([]);
});

test('GHSA-xg6x-h9c9-2m83: the cookies of a half sign-in open nothing, and no session lives in a cookie', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const { options } = accounts.deps.auth;
  expect(options.session.cookieCache.enabled).toBe(false);
  expect(options.plugins.map(({ id }) => id)).not.toContain('bearer');
  const user = await aProtectedUser(accounts, db);
  const half = await postAuth(accounts, '/sign-in/email', '', { email: user.email, password: testPassword });
  expect(half.json()).toMatchObject({ twoFactorRedirect: true });
  // With every cookie of the answer, also those it takes back.
  const cookie = cookiesOf(half.headers['set-cookie']);
  expect(cookie).not.toMatch(/session_(data|token)=[^;]/);
  const get = async (url: string) => accounts.app.inject({ url, headers: { host, cookie } });
  expect((await get('/api/auth/get-session')).body).toBe('null');
  for (const url of ['/api/v1/me', '/api/v1/api-keys', '/api/v1/me/sessions'])
    expect((await get(url)).statusCode, url).toBe(401);
  expect((await postAuth(accounts, '/update-user', cookie, { name: 'x' })).statusCode).toBe(401);
});

test('GHSA-qq9h-g4jm-xgf3: whoever signs up with somebody’s address before them is out when the owner proves the mailbox', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const email = anEmail();
  const squatted = await signUp(accounts, email, 'password of the attacker');
  await accounts.runChores(squatted.userId);
  // The owner opens the link in a browser of theirs: that alone opens nothing to the attacker.
  const page = await accounts.app.inject({
    url: linkTo(accounts, email, 'verify'),
    headers: { host, accept: 'text/html' },
  });
  expect(page.body).toContain('<form');
  await expect(signIn(accounts, email, 'password of the attacker')).rejects.toThrow(/EMAIL_NOT_VERIFIED/);
  // Ways in without a password, by which the hole was open, do not exist.
  for (const path of [
    '/sign-in/magic-link',
    '/email-otp/send-verification-otp',
    '/sign-in/email-otp',
    '/sign-in/anonymous',
  ])
    expect((await postAuth(accounts, path, '', { email })).statusCode, path).toBe(404);
  await postAuth(accounts, '/request-password-reset', '', { email });
  await accounts.runChores(squatted.userId);
  const token = new URL(linkTo(accounts, email, 'reset-password'), testOrigin).searchParams.get('token')!;
  await postAuth(accounts, '/reset-password', '', { token, newPassword: testPassword });
  await expect(signIn(accounts, email, 'password of the attacker')).rejects.toThrow(/401/);
  expect(await signIn(accounts, email)).toContain('session_token');
});
