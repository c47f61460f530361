import { expect } from 'vitest';
import {
  linkTo,
  postToken,
  signIn,
  testAccounts,
  type TestAccounts,
  testOrigin,
  testPassword,
  tokensOf,
} from '#test/accounts.ts';
import { test, type TestDatabase } from '#test/database.ts';
import { aHalfSignIn, aProtectedUser, postAuth, type Protected } from '#test/second-factor.ts';
import { stepOf, totpAt } from './totp.ts';

const host = 'localhost:8000';
const verify = (accounts: TestAccounts, cookie: string, code: string, path = 'verify-totp') =>
  postAuth(accounts, `/two-factor/${path}`, cookie, { code });
const passwordSignIn = (accounts: TestAccounts, email: string) =>
  postAuth(accounts, '/sign-in/email', '', { email, password: testPassword });
const meWith = async (accounts: TestAccounts, cookie: string): Promise<number> =>
  (await accounts.app.inject({ url: '/api/v1/me', headers: { host, cookie } })).statusCode;
const cookieHeader = (answer: { headers: { 'set-cookie'?: string | string[] | undefined } }): string =>
  [answer.headers['set-cookie'] ?? []]
    .flat()
    .map((cookie) => cookie.split(';')[0])
    .filter((cookie) => !cookie?.endsWith('='))
    .join('; ');
/** The code of another step that is not among the right ones. */
const wrong = (user: Protected, index: number): string => totpAt(user.secret, stepOf(Date.now()) + 1_000 + index);

async function sessionsOf(db: TestDatabase, userId: string): Promise<number> {
  const { rows } = await db.owner.pool.query('select 1 from auth.session where user_id = $1', [userId]);
  return rows.length;
}

test('a sign-in with a second factor opens nothing before the code and everything after it', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aProtectedUser(accounts, db);
  const half = await passwordSignIn(accounts, user.email);
  expect([half.statusCode, half.json()]).toEqual([200, { twoFactorRedirect: true, twoFactorMethods: ['totp'] }]);
  const cookie = cookieHeader(half);
  expect(cookie).toMatch(/^pingvas\.two_factor=/);
  expect(await meWith(accounts, cookie)).toBe(401);
  const done = await verify(accounts, cookie, user.code());
  expect([done.statusCode, done.body.includes('"token"')]).toEqual([200, false]);
  expect(await meWith(accounts, cookieHeader(done))).toBe(200);
});

test('one code tried 50 times at once signs in once', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aProtectedUser(accounts, db);
  const before = await sessionsOf(db, user.userId);
  const challenges = await Promise.all(Array.from({ length: 50 }, () => aHalfSignIn(accounts, user.userId)));
  const code = user.code();
  const answers = await Promise.all(challenges.map((cookie) => verify(accounts, cookie, code)));
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200, 401]));
  expect(await sessionsOf(db, user.userId)).toBe(before + 1);
  // Nor does it open the other door.
  const token = await postToken(accounts, {
    grant_type: 'password',
    email: user.email,
    password: testPassword,
    totp: code,
  });
  expect([token.statusCode, token.json().code]).toEqual([401, 'totp_required']);
});

test('of 60 guesses at once five are evaluated, and the right code is refused for the next quarter of an hour', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const user = await aProtectedUser(accounts, db);
  const challenges = await Promise.all(Array.from({ length: 60 }, () => aHalfSignIn(accounts, user.userId)));
  const answers = await Promise.all(challenges.map((cookie, index) => verify(accounts, cookie, wrong(user, index))));
  expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(5);
  expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(55);
  const late = await verify(accounts, await aHalfSignIn(accounts, user.userId), user.code());
  expect([late.statusCode, late.headers['retry-after']]).toEqual([429, '900']);
  await db.owner.pool.query(
    "update auth.totp_attempt set tried_at = tried_at - interval '16 minutes' where user_id = $1",
    [user.userId],
  );
  const later = await verify(accounts, await aHalfSignIn(accounts, user.userId), user.code());
  expect(later.statusCode).toBe(200);
});

test('twenty wrong codes within a day close the second factor and tell the owner, once', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aProtectedUser(accounts, db);
  await accounts.runChores(user.userId);
  await db.owner.pool.query(
    `insert into auth.totp_attempt (user_id, code, tried_at)
     select $1, sha256(n::text::bytea), now() - interval '20 hours' from generate_series(1, 20) n`,
    [user.userId],
  );
  for (let again = 0; again < 3; again += 1) {
    const answer = await verify(accounts, await aHalfSignIn(accounts, user.userId), user.code());
    expect(answer.statusCode).toBe(429);
  }
  expect(await accounts.runChores(user.userId)).toEqual(['send_second_factor_mail']);
  expect(accounts.mail.messages().at(-1)).toMatchObject({ to: user.email });
});

test('wrong codes entered with a session are counted like all others', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aProtectedUser(accounts, db);
  const statuses: number[] = [];
  for (let index = 0; index < 7; index += 1)
    statuses.push((await verify(accounts, user.cookie, wrong(user, index))).statusCode);
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
});

test('a token needs the code as well: missing, of two steps away, wrong and used ones give none; one at once gives one', async ({
  db,
}) => {
  const nowMs = Date.now();
  const accounts = await testAccounts(db, { nowMs: () => nowMs });
  const user = await aProtectedUser(accounts, db);
  const at = (away: number): string => totpAt(user.secret, stepOf(nowMs) + away);
  const ask = async (totp?: string): Promise<[number, string]> => {
    const answer = await postToken(accounts, {
      grant_type: 'password',
      email: user.email,
      password: testPassword,
      ...(totp !== undefined && { totp }),
    });
    return [answer.statusCode, answer.json().code];
  };
  expect(await ask()).toEqual([401, 'totp_required']);
  expect(await ask(at(-2))).toEqual([401, 'totp_required']);
  expect(await ask(at(2))).toEqual([401, 'totp_required']);
  const all = await Promise.all(Array.from({ length: 5 }, () => ask(at(1))));
  expect(all.filter(([status]) => status === 200)).toHaveLength(1);
  expect(all.filter(([status]) => status === 401)).toHaveLength(4);
  const wrongPassword = await postToken(accounts, { grant_type: 'password', email: user.email, password: 'no' });
  expect(wrongPassword.json().code).toBe('invalid_credentials');
});

test('a code of two steps away signs nobody in by cookie', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aProtectedUser(accounts, db);
  for (const away of [-3, 3]) {
    const answer = await verify(accounts, await aHalfSignIn(accounts, user.userId), user.code(away));
    expect(answer.statusCode).toBe(401);
  }
});

test('a recovery code works once, of 50 at once and across cookies and tokens', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aProtectedUser(accounts, db);
  expect(user.recoveryCodes).toHaveLength(10);
  const [first, second] = user.recoveryCodes as [string, string];
  const challenges = await Promise.all(Array.from({ length: 50 }, () => aHalfSignIn(accounts, user.userId)));
  const answers = await Promise.all(challenges.map((cookie) => verify(accounts, cookie, first, 'verify-backup-code')));
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  const ask = async (totp: string): Promise<number> =>
    (await postToken(accounts, { grant_type: 'password', email: user.email, password: testPassword, totp })).statusCode;
  expect(await ask(first)).toBe(401);
  expect((await Promise.all([ask(second), ask(second), ask(second)])).sort()).toEqual([200, 401, 401]);
  // Forgotten attempts bring no code back: it is gone from the list.
  await db.owner.pool.query('delete from auth.totp_attempt where user_id = $1', [user.userId]);
  expect(await ask(first)).toBe(401);
  expect(await ask(second)).toBe(401);
  expect(await ask(user.recoveryCodes[2]!)).toBe(200);
});

test('switching the second factor on, off or its recovery codes ends every other sign-in', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aProtectedUser(accounts, db);
  const others = async () => {
    const signedIn = await verify(
      accounts,
      await aHalfSignIn(accounts, user.userId),
      user.recoveryCodes.pop()!,
      'verify-backup-code',
    );
    const totp = user.recoveryCodes.pop()!;
    const token = await postToken(accounts, {
      grant_type: 'password',
      email: user.email,
      password: testPassword,
      totp,
    });
    return { cookie: cookieHeader(signedIn), tokens: token.json<{ access_token: string; refresh_token: string }>() };
  };
  const ended = async ({ cookie, tokens }: Awaited<ReturnType<typeof others>>) => [
    await meWith(accounts, cookie),
    (
      await accounts.app.inject({
        url: '/api/v1/me',
        headers: { host, authorization: `Bearer ${tokens.access_token}` },
      })
    ).statusCode,
    (await postToken(accounts, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token })).statusCode,
  ];
  const one = await others();
  const fresh = await postAuth(accounts, '/two-factor/generate-backup-codes', user.cookie, { password: testPassword });
  expect(fresh.statusCode).toBe(200);
  accounts.deps.callers.forget();
  expect(await ended(one)).toEqual([401, 401, 401]);
  expect(await meWith(accounts, user.cookie)).toBe(200);

  user.recoveryCodes = fresh.json().backupCodes;
  const two = await others();
  const off = await postAuth(accounts, '/two-factor/disable', user.cookie, { password: testPassword });
  expect(off.statusCode).toBe(200);
  accounts.deps.callers.forget();
  expect(await ended(two)).toEqual([401, 401, 401]);
  expect(await meWith(accounts, cookieHeader(off))).toBe(200);

  const plain = { cookie: await signIn(accounts, user.email), tokens: await tokensOf(accounts, user.email) };
  const own = cookieHeader(off);
  const on = await postAuth(accounts, '/two-factor/enable', own, { password: testPassword });
  expect(on.statusCode).toBe(200);
  const { rows } = await db.owner.pool.query<{ secret: string }>(
    'select secret from auth.two_factor where user_id = $1',
    [user.userId],
  );
  expect(rows).toHaveLength(1);
  const secret = new URL(on.json().totpURI).searchParams.get('secret')!;
  const done = await verify(accounts, own, totpAt(fromBase32(secret), stepOf(Date.now())));
  expect(done.statusCode).toBe(200);
  accounts.deps.callers.forget();
  expect(
    await ended({
      cookie: plain.cookie,
      tokens: { access_token: plain.tokens.access, refresh_token: plain.tokens.refresh },
    }),
  ).toEqual([401, 401, 401]);
});

test('the second factor cannot be skipped: no trusted device, no key, no token and no reset of the password passes it', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const user = await aProtectedUser(accounts, db);
  const half = await aHalfSignIn(accounts, user.userId);
  const trusted = await postAuth(accounts, '/two-factor/verify-totp', half, { code: user.code(), trustDevice: true });
  expect([trusted.statusCode, cookieHeader(trusted)]).toEqual([400, '']);
  const key = await accounts.app.inject({
    method: 'POST',
    url: '/api/v1/api-keys',
    headers: { host, origin: testOrigin, cookie: half },
    payload: { name: 'x' },
  });
  expect(key.statusCode).toBe(401);
  for (const path of ['/two-factor/disable', '/two-factor/enable', '/two-factor/generate-backup-codes'])
    expect((await postAuth(accounts, path, half, { password: testPassword })).statusCode, path).toBe(401);
  for (const path of ['/two-factor/send-otp', '/two-factor/verify-otp', '/two-factor/get-totp-uri'])
    expect((await postAuth(accounts, path, user.cookie, { password: testPassword })).statusCode, path).toBe(404);

  await accounts.runChores(user.userId);
  await postAuth(accounts, '/request-password-reset', '', { email: user.email });
  await accounts.runChores(user.userId);
  const token = new URL(linkTo(accounts, user.email, 'reset-password'), testOrigin).searchParams.get('token')!;
  const newPassword = 'another good password';
  expect((await postAuth(accounts, '/reset-password', '', { token, newPassword })).statusCode).toBe(200);
  const again = await postAuth(accounts, '/sign-in/email', '', { email: user.email, password: newPassword });
  expect(again.json()).toMatchObject({ twoFactorRedirect: true });
  const refused = await postToken(accounts, { grant_type: 'password', email: user.email, password: newPassword });
  expect(refused.json().code).toBe('totp_required');
});

function fromBase32(text: string): string {
  const bits = Array.from(text, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 2)));
}
