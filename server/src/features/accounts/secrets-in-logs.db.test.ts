import { Writable } from 'node:stream';
import { expect } from 'vitest';
import {
  anEmail,
  aVerifiedUser,
  linkTo,
  postToken,
  signIn,
  signUp,
  testAccounts,
  testPassword,
  tokensOf,
} from '#test/accounts.ts';
import { test } from '#test/database.ts';
import { createLog } from '#platform/log.ts';

test('no password, token, key, cookie, link or address of a person is ever logged, also when things are refused', async ({
  db,
}) => {
  let lines = '';
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines += chunk.toString();
      done();
    },
  });
  const accounts = await testAccounts(db, { log: createLog({ level: 'trace', process: 'test', destination }) });
  const host = 'localhost:8000';
  const user = await aVerifiedUser(accounts, anEmail());
  const cookie = await signIn(accounts, user.email);
  const tokens = await tokensOf(accounts, user.email);
  const headers = { host, authorization: `Bearer ${tokens.access}` };
  const { key } = (
    await accounts.app.inject({ method: 'POST', url: '/api/v1/api-keys', headers, payload: { name: 'k' } })
  ).json();
  await accounts.app.inject({ url: '/api/v1/me', headers: { host, cookie } });
  await accounts.app.inject({ url: '/api/v1/me', headers: { host, authorization: `Bearer ${key}` } });
  const next = (await postToken(accounts, { grant_type: 'refresh_token', refresh_token: tokens.refresh })).json();
  await postToken(accounts, { grant_type: 'refresh_token', refresh_token: tokens.refresh });
  await postToken(accounts, { grant_type: 'password', email: user.email, password: 'a canary of a wrong password' });
  await postToken(accounts, { grant_type: 'password', email: user.email, password: 7 });
  await expect(signIn(accounts, user.email, 'a canary of a wrong password')).rejects.toThrow(/401/);
  await signUp(accounts, user.email, 'a canary of another password');
  await accounts.app.inject({ url: '/api/v1/me', headers: { host, authorization: 'Bearer canary-of-a-token' } });
  await accounts.app.inject({
    method: 'POST',
    url: '/api/auth/request-password-reset',
    headers: { host },
    payload: { email: user.email },
  });
  await accounts.runChores(user.userId);
  const secrets = [
    testPassword,
    'canary',
    user.email,
    key,
    tokens.access,
    tokens.refresh,
    next.refresh_token,
    next.access_token,
    cookie.split('=')[1]!,
    linkTo(accounts, user.email, 'verify'),
    linkTo(accounts, user.email, 'reset'),
  ];
  expect(lines).toContain('"route":"/api/v1/auth/token"');
  for (const secret of secrets) expect(lines).not.toContain(secret);
});
