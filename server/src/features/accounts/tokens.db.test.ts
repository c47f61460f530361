import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { exportJWK, importJWK, SignJWT } from 'jose';
import { expect } from 'vitest';
import {
  anEmail,
  aVerifiedUser,
  postToken,
  signIn,
  signUp,
  testAccounts,
  type TestAccounts,
  testOrigin,
  testPassword,
  tokensOf,
} from '#test/accounts.ts';
import { cloneDatabase, test, type TestDatabase } from '#test/database.ts';
import { disableUser } from './disable-user.ts';
import { hashRefreshToken, makeRefreshToken } from './refresh-token.ts';
import { createAccounts } from './create-accounts.ts';

const host = 'localhost:8000';
const me = async (accounts: TestAccounts, token: string): Promise<number> =>
  (await accounts.app.inject({ url: '/api/v1/me', headers: { host, authorization: `Bearer ${token}` } })).statusCode;
const refresh = async (
  accounts: TestAccounts,
  token: string,
): Promise<{ status: number; code?: string; access: string; next: string }> => {
  const answer = await postToken(accounts, { grant_type: 'refresh_token', refresh_token: token });
  const body = answer.json();
  return { status: answer.statusCode, code: body.code, access: body.access_token, next: body.refresh_token };
};
/** Makes a rotation of this token look as old as the database would see it that much later. */
const age = (db: TestDatabase, token: string, seconds: number) =>
  db.owner.pool.query("update auth.refresh_token set used_at = used_at - $2 * interval '1 second' where hash = $1", [
    hashRefreshToken(token),
    seconds,
  ]);

test('a password buys an access token of 15 minutes and a refresh token; both answers are never stored by caches', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  const answer = await postToken(accounts, {
    grant_type: 'password',
    email: user.email.toUpperCase(),
    password: testPassword,
  });
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json()).toMatchObject({
    token_type: 'Bearer',
    expires_in: 900,
    refresh_token: expect.stringMatching(/^pvr_/),
  });
  expect(await me(accounts, answer.json().access_token)).toBe(200);
  expect(await me(accounts, answer.json().refresh_token)).toBe(401);
  const { rows } = await db.owner.pool.query('select count(*)::int as n from auth.session where user_id = $1', [
    user.userId,
  ]);
  expect(rows[0].n).toBe(0);
  const stored = await db.owner.pool.query("select encode(hash, 'escape') as hash from auth.refresh_token");
  expect(JSON.stringify(stored.rows)).not.toContain(answer.json().refresh_token.slice(4));
});

test('an unknown address, a wrong password and a disabled account get one and the same answer', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  const disabled = await aVerifiedUser(accounts);
  await disableUser(accounts.deps, disabled.userId);
  const answers = [
    await postToken(accounts, { grant_type: 'password', email: anEmail(), password: testPassword }),
    await postToken(accounts, { grant_type: 'password', email: user.email, password: 'not the password' }),
    await postToken(accounts, { grant_type: 'password', email: disabled.email, password: testPassword }),
  ].map((answer) => {
    const { request_id: _, ...body } = answer.json();
    return { status: answer.statusCode, body };
  });
  expect(answers[0]).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});

test('an unverified address is told so only with the right password', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await signUp(accounts);
  const right = await postToken(accounts, { grant_type: 'password', email: user.email, password: testPassword });
  expect([right.statusCode, right.json().code]).toEqual([403, 'email_not_verified']);
  const wrong = await postToken(accounts, { grant_type: 'password', email: user.email, password: 'not the password' });
  expect(wrong.json().code).toBe('invalid_credentials');
});

test('50 refreshes of one token at once, in two processes, make one successor; the others are told to use it', async ({
  db,
}) => {
  const [one, other] = await Promise.all([testAccounts(db), testAccounts(db)]);
  const user = await aVerifiedUser(one);
  const first = await tokensOf(one, user.email);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, at) => refresh(at % 2 === 0 ? one : other, first.refresh)),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status, code }) => status === 409 && code === 'refresh_in_progress')).toHaveLength(49);
  const winner = answers.find(({ status }) => status === 200)!;
  // The family lives on.
  expect((await refresh(one, winner.next)).status).toBe(200);
  expect(await me(one, winner.access)).toBe(200);
});

test('whoever comes while a token is being rotated waits for the family and then sees that it was', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  const { refresh: token } = await tokensOf(accounts, user.email);
  const rotate = "select outcome from auth.refresh_rotate($1, $2, interval '10 seconds')";
  const first = await db.auth.pool.connect();
  try {
    await first.query('begin');
    const one = await first.query(rotate, [hashRefreshToken(token), hashRefreshToken(makeRefreshToken())]);
    const second = db.auth.pool.query(rotate, [hashRefreshToken(token), hashRefreshToken(makeRefreshToken())]);
    const waiting = () =>
      db.owner.pool.query(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%refresh_rotate%'",
      );
    await expect.poll(async () => (await waiting()).rowCount).toBe(1);
    await first.query('commit');
    expect([one.rows[0].outcome, (await second).rows[0].outcome]).toEqual(['rotated', 'in_progress']);
  } finally {
    first.release();
  }
});

test('a refresh token used again after ten seconds ends its family: no descendant and no access token works', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  const first = await tokensOf(accounts, user.email);
  const bystander = await tokensOf(accounts, user.email);
  const chain = [first.refresh];
  const access = [first.access];
  for (let at = 0; at < 4; at += 1) {
    const next = await refresh(accounts, chain.at(-1)!);
    chain.push(next.next);
    access.push(next.access);
  }
  await age(db, first.refresh, 9);
  expect(await refresh(accounts, first.refresh)).toMatchObject({ status: 409, code: 'refresh_in_progress' });
  await age(db, first.refresh, 2);
  expect(await refresh(accounts, first.refresh)).toMatchObject({ status: 401, code: 'invalid_refresh_token' });
  // Twice over: what a descendant could do now, and after it has been refused once.
  for (let again = 0; again < 2; again += 1) {
    for (const token of chain)
      expect(await refresh(accounts, token)).toMatchObject({ status: 401, code: 'invalid_refresh_token' });
    for (const token of access) expect(await me(accounts, token)).toBe(401);
  }
  const { rows } = await db.owner.pool.query(
    'select f.end_reason from auth.refresh_family f join auth.refresh_token t using (family_id) where t.hash = $1',
    [hashRefreshToken(first.refresh)],
  );
  expect(rows).toEqual([{ end_reason: 'reuse' }]);
  expect(await me(accounts, bystander.access)).toBe(200);
});

test('whoever wins a race between a late reuse and a refresh of the newest token, nothing of the family works afterwards', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  for (let round = 0; round < 20; round += 1) {
    const first = makeRefreshToken();
    await db.auth.pool.query(
      "with f as (insert into auth.refresh_family (family_id, user_id, expires_at) values ($1, $2, now() + interval '1 day') returning family_id) insert into auth.refresh_token (hash, family_id) select $3, family_id from f",
      [randomUUID(), user.userId, hashRefreshToken(first)],
    );
    const head = await refresh(accounts, first);
    await age(db, first, 11);
    const [reuse, last] = await Promise.all([refresh(accounts, first), refresh(accounts, head.next)]);
    expect(reuse.status).toBe(401);
    for (const token of [head.next, last.next].filter(Boolean))
      expect((await refresh(accounts, token)).status).toBe(401);
  }
});

test('an ended family is ended for the processes that remember it within a second', async ({ db }) => {
  let nowMs = Date.now();
  const [one, other] = await Promise.all([testAccounts(db), testAccounts(db, { nowMs: () => nowMs })]);
  const user = await aVerifiedUser(one);
  const { access, refresh: token } = await tokensOf(one, user.email);
  expect(await me(other, access)).toBe(200);
  const revoked = await one.app.inject({
    method: 'POST',
    url: '/api/v1/auth/revoke',
    headers: { host },
    payload: { refresh_token: token },
  });
  expect(revoked.statusCode).toBe(204);
  expect(await me(one, access)).toBe(401);
  nowMs += 1_000;
  expect(await me(other, access)).toBe(401);
  expect((await refresh(one, token)).code).toBe('invalid_refresh_token');
  const unknown = await one.app.inject({
    method: 'POST',
    url: '/api/v1/auth/revoke',
    headers: { host },
    payload: { refresh_token: 'pvr_unknown' },
  });
  expect(unknown.statusCode).toBe(204);
});

test('forged access tokens are refused: no algorithm, another key, a changed kid, HMAC with the public key, a changed claim, another audience', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  const { access } = await tokensOf(accounts, user.email);
  const [head, payload, signature] = access.split('.') as [string, string, string];
  const header = JSON.parse(Buffer.from(head, 'base64url').toString());
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  expect(header).toMatchObject({ alg: 'EdDSA', kid: expect.any(String) });
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const own = generateKeyPairSync('ed25519');
  const jwks = (await accounts.app.inject({ url: '/api/auth/jwks', headers: { host } })).json();
  expect(jwks.keys).toMatchObject([{ kid: header.kid, kty: 'OKP', crv: 'Ed25519' }]);
  expect(JSON.stringify(jwks)).not.toContain('"d"');
  const sign = (kid: string, change: object = {}) =>
    new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg: 'EdDSA', kid }).sign(own.privateKey);
  const hmac = (input: string): string =>
    createHmac('sha256', JSON.stringify(jwks.keys[0])).update(input).digest('base64url');
  const hs = `${encode({ alg: 'HS256', kid: header.kid })}.${payload}`;
  const embedded = encode({ alg: 'EdDSA', jwk: await exportJWK(own.publicKey) });
  const forgeries = [
    `${encode({ ...header, alg: 'none' })}.${payload}.`,
    `${encode({ ...header, alg: 'none' })}.${payload}.${signature}`,
    await sign(header.kid),
    await sign(randomUUID()),
    `${encode({ ...header, kid: randomUUID() })}.${payload}.${signature}`,
    `${hs}.${hmac(hs)}`,
    `${embedded}.${payload}.${signature}`,
    `${head}.${encode({ ...claims, exp: Number(claims.exp) + 1 })}.${signature}`,
    `${head}.${encode({ ...claims, sub: randomUUID() })}.${signature}`,
    `${head}.${payload}.${signature.slice(0, -4)}AAAA`,
    `${head}.${payload}`,
    'x.y.z',
    'a'.repeat(5_000),
  ];
  for (const token of forgeries) expect(await me(accounts, token)).toBe(401);
  // Signed by us, for somebody else.
  const elsewhere = await accounts.deps.auth.api.signJWT({
    body: { payload: { ...claims, aud: 'https://other.example' } },
  });
  expect(await me(accounts, elsewhere.token)).toBe(401);
  expect(await me(accounts, access)).toBe(200);
});

test('an access token is worth nothing a second after its expiry', async ({ db }) => {
  let nowMs = Math.floor(Date.now() / 1_000) * 1_000;
  const accounts = await testAccounts(db, { nowMs: () => nowMs });
  const user = await aVerifiedUser(accounts);
  const { access } = await tokensOf(accounts, user.email);
  nowMs += 899_000;
  expect(await me(accounts, access)).toBe(200);
  nowMs += 2_000;
  expect(await me(accounts, access)).toBe(401);
});

test('a key that is rotated in signs what every process accepts; a deleted key accepts nothing', async ({ db: _ }) => {
  const db = await cloneDatabase();
  try {
    let nowMs = Date.now();
    const accounts = await testAccounts(db, { nowMs: () => nowMs });
    const user = await aVerifiedUser(accounts);
    const { access } = await tokensOf(accounts, user.email);
    expect(await me(accounts, access)).toBe(200);
    const { rows } = await db.owner.pool.query('delete from auth.jwks returning private_key');
    await expect(importJWK(JSON.parse(rows[0].private_key), 'EdDSA')).rejects.toThrow();
    const restarted = await testAccounts(db);
    expect(await me(restarted, access)).toBe(401);
    const next = await tokensOf(restarted, user.email);
    expect(await me(accounts, next.access)).toBe(401);
    nowMs += 1_000;
    expect(await me(accounts, next.access)).toBe(200);
  } finally {
    await db.close();
  }
});

test('processes that start together share one signing key', async ({ db: _ }) => {
  const db = await cloneDatabase();
  try {
    const { deps } = await testAccounts(db);
    await Promise.all(Array.from({ length: 6 }, () => createAccounts(deps).accessTokens.ensureKey()));
    const { rows } = await db.owner.pool.query('select count(*)::int as n from auth.jwks');
    expect(rows[0].n).toBe(1);
  } finally {
    await db.close();
  }
});

test('disabling a person ends cookies, access tokens, refresh tokens and keys at once, and signing in', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  const cookie = await signIn(accounts, user.email);
  const tokens = await tokensOf(accounts, user.email);
  const headers = { host, authorization: `Bearer ${tokens.access}` };
  const key = (
    await accounts.app.inject({ method: 'POST', url: '/api/v1/api-keys', headers, payload: { name: 'k' } })
  ).json().key;
  const status = async (more: Record<string, string>) =>
    (await accounts.app.inject({ url: '/api/v1/me', headers: { host, ...more } })).statusCode;
  expect([await status({ cookie }), await status(headers), await status({ authorization: `Bearer ${key}` })]).toEqual([
    200, 200, 403,
  ]);
  await disableUser(accounts.deps, user.userId);
  await disableUser(accounts.deps, user.userId);
  expect([await status({ cookie }), await status(headers), await status({ authorization: `Bearer ${key}` })]).toEqual([
    401, 401, 401,
  ]);
  expect((await refresh(accounts, tokens.refresh)).code).toBe('invalid_refresh_token');
  await expect(signIn(accounts, user.email)).rejects.toThrow(/ACCOUNT_DISABLED/);
  await expect(disableUser(accounts.deps, randomUUID())).rejects.toMatchObject({ code: 'not_found' });
});

test('another password ends every other sign-in: the stolen cookie, the access tokens, the refresh tokens', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  const stolen = await signIn(accounts, user.email);
  const own = await signIn(accounts, user.email);
  const tokens = await tokensOf(accounts, user.email);
  expect(await me(accounts, tokens.access)).toBe(200);
  const changed = await accounts.app.inject({
    method: 'POST',
    url: '/api/auth/change-password',
    headers: { host, cookie: own, origin: testOrigin },
    payload: { currentPassword: testPassword, newPassword: 'an even better password', revokeOtherSessions: false },
  });
  expect(changed.statusCode).toBe(200);
  accounts.deps.callers.forget();
  expect((await accounts.app.inject({ url: '/api/v1/me', headers: { host, cookie: stolen } })).statusCode).toBe(401);
  expect(await me(accounts, tokens.access)).toBe(401);
  expect((await refresh(accounts, tokens.refresh)).status).toBe(401);
  const { rows } = await db.owner.pool.query('select epoch from auth."user" where id = $1', [user.userId]);
  expect(rows).toEqual([{ epoch: 1 }]);
  expect(await me(accounts, (await tokensOf(accounts, user.email, 'an even better password')).access)).toBe(200);
});

test('an access token of an older epoch is refused, whatever became of its family', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  const { access, refresh: token } = await tokensOf(accounts, user.email);
  await db.auth.pool.query('update auth."user" set epoch = epoch + 1 where id = $1', [user.userId]);
  expect(await me(accounts, access)).toBe(401);
  expect(await me(accounts, (await refresh(accounts, token)).access)).toBe(200);
});

test('bodies that are no token request are refused before any hashing', async ({ db }) => {
  const accounts = await testAccounts(db);
  for (const payload of [
    {},
    { grant_type: 'magic' },
    { grant_type: 'password', email: 'a' },
    { grant_type: 'password', email: 'a@b.c', password: 'x'.repeat(1_001) },
    { grant_type: 'refresh_token', refresh_token: 7 },
    { grant_type: 'password', email: 'a@b.c', password: 'x', is_admin: true },
  ]) {
    const answer = await postToken(accounts, payload);
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'invalid_request']);
  }
  expect((await refresh(accounts, 'not one of ours')).code).toBe('invalid_refresh_token');
  const nul = await postToken(accounts, { grant_type: 'password', email: 'a\0@b.c', password: 'x' });
  expect(nul.statusCode).toBe(422);
});
