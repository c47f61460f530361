import { expect } from 'vitest';
import {
  aVerifiedUser,
  postToken,
  signIn,
  testAccounts,
  type TestAccounts,
  testOrigin,
  tokensOf,
} from '#test/accounts.ts';
import { test } from '#test/database.ts';
import { disableUser } from './disable-user.ts';
import type { SignIn } from './sessions.schemas.ts';

const host = 'localhost:8000';
type Headers = Record<string, string>;
const byCookie = (cookie: string): Headers => ({ host, cookie, origin: testOrigin });
const byToken = (access: string): Headers => ({ host, authorization: `Bearer ${access}` });

const statusOf = async (accounts: TestAccounts, headers: Headers): Promise<number> =>
  (await accounts.app.inject({ url: '/api/v1/me', headers })).statusCode;
const list = async (accounts: TestAccounts, headers: Headers, query = ''): Promise<SignIn[]> =>
  (await accounts.app.inject({ url: `/api/v1/me/sessions${query}`, headers })).json().data;
const end = async (accounts: TestAccounts, headers: Headers, id: string): Promise<number> =>
  (await accounts.app.inject({ method: 'DELETE', url: `/api/v1/me/sessions/${id}`, headers })).statusCode;

test('a person sees browsers and programs that are signed in, the one that asks marked, and no token of any', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  const cookie = await signIn(accounts, user.email);
  const { access } = await tokensOf(accounts, user.email);
  expect(await list(accounts, byCookie(cookie))).toMatchObject([
    { kind: 'program', current: false, ip_address: null },
    { kind: 'browser', current: true, ip_address: '127.0.0.1' },
  ]);
  expect(await list(accounts, byToken(access))).toMatchObject([{ current: true }, { current: false }]);
  const answer = await accounts.app.inject({ url: '/api/v1/me/sessions?limit=1', headers: byToken(access) });
  expect(answer.json().data).toMatchObject([{ kind: 'program' }]);
  const next = await list(accounts, byToken(access), `?limit=1&cursor=${answer.json().next_cursor}`);
  expect(next).toMatchObject([{ kind: 'browser' }]);
  const { rows } = await db.owner.pool.query<{ token: string }>('select token from auth.session where user_id = $1', [
    user.userId,
  ]);
  expect(JSON.stringify(await list(accounts, byToken(access)))).not.toContain(rows[0]!.token);
});

test('a sign-in that was ended is refused at the next request, and only its owner can end it', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  const stranger = byCookie(await signIn(accounts, (await aVerifiedUser(accounts)).email));
  const cookie = byCookie(await signIn(accounts, user.email));
  const { access, refresh } = await tokensOf(accounts, user.email);
  const [program, browser] = (await list(accounts, cookie)) as [SignIn, SignIn];
  for (const { session_id: id } of [program, browser]) expect(await end(accounts, stranger, id)).toBe(404);
  expect(await end(accounts, stranger, 'nothing')).toBe(404);
  expect(await statusOf(accounts, byToken(access))).toBe(200);

  expect(await end(accounts, cookie, program.session_id)).toBe(204);
  expect(await end(accounts, cookie, program.session_id)).toBe(404);
  expect(await statusOf(accounts, byToken(access))).toBe(401);
  expect((await postToken(accounts, { grant_type: 'refresh_token', refresh_token: refresh })).statusCode).toBe(401);
  expect(await list(accounts, cookie)).toHaveLength(1);

  expect(await end(accounts, cookie, browser.session_id)).toBe(204);
  expect(await statusOf(accounts, cookie)).toBe(401);
});

test('another process notices within a second, without any message: a revoked session, a disabled person, another password', async ({
  db,
}) => {
  let nowMs = Date.now();
  const here = await testAccounts(db);
  // Nothing tells this one what happens; it only grows older.
  const there = await testAccounts(db, { nowMs: () => nowMs });
  const aSecondLater = (): void => void (nowMs += 1_000);
  const user = await aVerifiedUser(here);

  const first = byCookie(await signIn(here, user.email));
  expect(await statusOf(there, first)).toBe(200);
  const [browser] = (await list(here, first)) as [SignIn];
  await end(here, first, browser.session_id);
  aSecondLater();
  expect(await statusOf(there, first)).toBe(401);

  const old = byCookie(await signIn(here, user.email));
  const own = await signIn(here, user.email);
  const token = byToken((await tokensOf(here, user.email)).access);
  expect([await statusOf(there, old), await statusOf(there, token)]).toEqual([200, 200]);
  const changed = await here.app.inject({
    method: 'POST',
    url: '/api/auth/change-password',
    headers: byCookie(own),
    payload: { currentPassword: 'correct horse battery', newPassword: 'an even better password' },
  });
  expect(changed.statusCode).toBe(200);
  aSecondLater();
  expect([await statusOf(there, old), await statusOf(there, token)]).toEqual([401, 401]);

  const last = byCookie(await signIn(here, user.email, 'an even better password'));
  expect(await statusOf(there, last)).toBe(200);
  await disableUser(here.deps, user.userId);
  aSecondLater();
  expect(await statusOf(there, last)).toBe(401);
});
