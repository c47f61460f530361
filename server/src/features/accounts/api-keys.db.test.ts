import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aVerifiedUser, signIn, testAccounts, type TestAccounts, testOrigin, tokensOf } from '#test/accounts.ts';
import { test } from '#test/database.ts';
import { isApiKey } from './api-key-secret.ts';
import { resolveActor } from './resolve-actor.ts';

const host = 'localhost:8000';

async function aPerson(accounts: TestAccounts) {
  const user = await aVerifiedUser(accounts);
  const { access } = await tokensOf(accounts, user.email);
  const call = async (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    payload?: object,
    headers: object = {},
  ) => {
    const answer = await accounts.app.inject({
      method,
      url: `/api/v1/api-keys${path}`,
      headers: { host, authorization: `Bearer ${access}`, ...headers },
      ...(payload && { payload }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? null : answer.json() };
  };
  return { user, call, access };
}

test('a key is shown once, stored only as a hash, and opens its workspace with its scopes', async ({ db }) => {
  const accounts = await testAccounts(db);
  const { call, user } = await aPerson(accounts);
  const made = await call('POST', '', {
    name: '내 키',
    scopes: ['read'],
    monthly_credit_budget: 12.345,
    expires_at: '2099-01-01T00:00:00Z',
  });
  expect([made.status, made.headers['cache-control']]).toEqual([201, 'no-store']);
  const { key, ...shown } = made.body;
  expect(isApiKey(key)).toBe(true);
  expect(shown).toMatchObject({
    name: '내 키',
    prefix: key.slice(0, 14),
    scopes: ['read'],
    monthly_credit_budget: 12.345,
    expires_at: '2099-01-01T00:00:00.000Z',
    last_used_at: null,
  });
  const list = await call('GET', '');
  expect(list.body).toEqual({ data: [shown], next_cursor: null });
  const { rows } = await db.owner.pool.query(
    'select k::text as everything, length(hash) as bytes, monthly_credit_budget from public.api_key k where key_id = $1',
    [shown.id],
  );
  expect(rows).toMatchObject([{ bytes: 32, monthly_credit_budget: 12_345 }]);
  expect(rows[0].everything).not.toContain(key.slice(14, 40));
  const actor = await resolveActor(accounts.deps, {
    headers: { authorization: `Bearer ${key}` },
    workspaceId: undefined,
  });
  expect(actor).toMatchObject({
    kind: 'key',
    keyId: shown.id,
    userId: user.userId,
    scopes: ['read'],
    plan: 'free',
    role: 'owner',
    suspended: false,
  });
});

test('the same creation replayed gives the same key without its secret; another body under that Idempotency-Key is refused', async ({
  db,
}) => {
  const accounts = await testAccounts(db);
  const { call } = await aPerson(accounts);
  const once = { 'idempotency-key': randomUUID() };
  const first = await call('POST', '', { name: 'a' }, once);
  const again = await call('POST', '', { name: 'a' }, once);
  expect(again.status).toBe(201);
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect(again.body).toEqual({ ...first.body, key: null });
  expect(first.body.scopes).toEqual(['read', 'generate']);
  const other = await call('POST', '', { name: 'b' }, once);
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  expect((await call('GET', '')).body.data).toHaveLength(1);
});

test('a revoked, expired or narrowed key changes what it opens at once', async ({ db }) => {
  const accounts = await testAccounts(db);
  const { call } = await aPerson(accounts);
  const { id, key } = (await call('POST', '', { name: 'a' })).body;
  const scopes = async () =>
    (await resolveActor(accounts.deps, { headers: { authorization: `Bearer ${key}` }, workspaceId: undefined }))
      ?.scopes;
  expect(await scopes()).toEqual(['read', 'generate']);
  const patched = await call('PATCH', `/${id}`, { scopes: ['read'], name: 'b' });
  expect([patched.status, patched.body.name, patched.body.scopes]).toEqual([200, 'b', ['read']]);
  expect(await scopes()).toEqual(['read']);
  expect((await call('PATCH', `/${id}`, { monthly_credit_budget: 5 })).body).toMatchObject({
    name: 'b',
    monthly_credit_budget: 5,
  });
  expect((await call('PATCH', `/${id}`, { monthly_credit_budget: null })).body.monthly_credit_budget).toBe(null);
  expect((await call('PATCH', `/${id}`, {})).body).toMatchObject({ id, name: 'b' });
  await db.owner.pool.query("update public.api_key set expires_at = now() - interval '1 second' where key_id = $1", [
    id,
  ]);
  accounts.deps.callers.forget();
  await expect(scopes()).rejects.toMatchObject({ code: 'unauthenticated' });
  await db.owner.pool.query('update public.api_key set expires_at = null where key_id = $1', [id]);
  expect(await scopes()).toEqual(['read']);
  expect((await call('DELETE', `/${id}`)).status).toBe(204);
  await expect(scopes()).rejects.toMatchObject({ code: 'unauthenticated' });
  expect((await call('DELETE', `/${id}`)).status).toBe(404);
  expect((await call('PATCH', `/${id}`, { name: 'c' })).status).toBe(404);
  expect((await call('GET', '')).body.data).toEqual([]);
});

test('a key reaches neither keys nor the account, and no other workspace', async ({ db }) => {
  const accounts = await testAccounts(db);
  const [one, other] = [await aPerson(accounts), await aPerson(accounts)];
  const { key, id } = (await one.call('POST', '', { name: 'a' })).body;
  for (const [method, url] of [
    ['GET', '/api/v1/api-keys'],
    ['POST', '/api/v1/api-keys'],
    ['DELETE', `/api/v1/api-keys/${id}`],
    ['GET', '/api/v1/me'],
  ] as const) {
    const answer = await accounts.app.inject({
      method,
      url,
      headers: { host, authorization: `Bearer ${key}` },
      ...(method === 'POST' && { payload: { name: 'b' } }),
    });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'session_required']);
  }
  for (const method of ['PATCH', 'DELETE'] as const) {
    const foreign = await other.call(method, `/${id}`, method === 'PATCH' ? { name: 'x' } : undefined);
    const nothing = await other.call(method, `/${randomUUID()}`, method === 'PATCH' ? { name: 'x' } : undefined);
    expect(foreign.status).toBe(404);
    expect({ ...foreign.body, request_id: '' }).toEqual({ ...nothing.body, request_id: '' });
  }
  expect((await other.call('GET', '')).body.data).toEqual([]);
  const theirs = await resolveActor(accounts.deps, {
    headers: { authorization: `Bearer ${other.access}` },
    workspaceId: undefined,
  });
  await expect(
    resolveActor(accounts.deps, { headers: { authorization: `Bearer ${key}` }, workspaceId: theirs!.workspaceId }),
  ).rejects.toMatchObject({ code: 'not_found' });
  expect((await one.call('GET', '')).body.data).toHaveLength(1);
});

test('identity is never taken from the body of a key creation', async ({ db }) => {
  const accounts = await testAccounts(db);
  const [one, other] = [await aPerson(accounts), await aPerson(accounts)];
  for (const name of ['user_id', 'userId', 'created_by', 'workspace_id']) {
    expect((await one.call('POST', '', { name: 'a', [name]: other.user.userId })).status).toBe(422);
  }
  const nobody = await accounts.app.inject({
    method: 'POST',
    url: '/api/v1/api-keys',
    headers: { host },
    payload: { name: 'a', user_id: other.user.userId },
  });
  expect(nobody.statusCode).toBe(401);
});

test('a viewer makes no keys, and a member sees only their own', async ({ db }) => {
  const accounts = await testAccounts(db);
  const [owner, member] = [await aPerson(accounts), await aPerson(accounts)];
  const { workspaceId } = (await resolveActor(accounts.deps, {
    headers: { authorization: `Bearer ${owner.access}` },
    workspaceId: undefined,
  }))!;
  await db.owner.pool.query(
    "insert into public.workspace_member (workspace_id, user_id, role) values ($1, $2, 'viewer')",
    [workspaceId, member.user.userId],
  );
  accounts.deps.callers.forget();
  const there = { 'x-workspace-id': workspaceId };
  expect((await member.call('POST', '', { name: 'a' }, there)).body.code).toBe('role_not_allowed');
  await db.owner.pool.query(
    "update public.workspace_member set role = 'member' where user_id = $1 and workspace_id = $2",
    [member.user.userId, workspaceId],
  );
  accounts.deps.callers.forget();
  const owners = (await owner.call('POST', '', { name: 'of the owner' })).body;
  const members = (await member.call('POST', '', { name: 'of the member' }, there)).body;
  const names = async (person: typeof owner) =>
    (await person.call('GET', '', undefined, there)).body.data.map(({ name }: { name: string }) => name);
  expect(await names(member)).toEqual(['of the member']);
  expect(await names(owner)).toEqual(['of the member', 'of the owner']);
  expect((await member.call('DELETE', `/${owners.id}`, undefined, there)).status).toBe(404);
  // The key dies with the membership.
  await db.owner.pool.query('delete from public.workspace_member where user_id = $1 and workspace_id = $2', [
    member.user.userId,
    workspaceId,
  ]);
  accounts.deps.callers.forget();
  await expect(
    resolveActor(accounts.deps, { headers: { authorization: `Bearer ${members.key}` }, workspaceId: undefined }),
  ).rejects.toMatchObject({ code: 'unauthenticated' });
  expect((await member.call('GET', '', undefined, there)).status).toBe(404);
});

test('the last use of a key is written at most once a minute', async ({ db }) => {
  let nowMs = Date.now();
  const accounts = await testAccounts(db, { nowMs: () => nowMs });
  const { call } = await aPerson(accounts);
  const { id, key } = (await call('POST', '', { name: 'a' })).body;
  const use = () =>
    resolveActor(accounts.deps, { headers: { authorization: `Bearer ${key}` }, workspaceId: undefined });
  const stored = async () =>
    (
      await db.owner.pool.query('select last_used_at, xmin::text as version from public.api_key where key_id = $1', [
        id,
      ])
    ).rows[0];
  await use();
  await expect.poll(stored).toMatchObject({ last_used_at: expect.any(Date) });
  const { version } = await stored();
  for (let at = 0; at < 20; at += 1) await use();
  nowMs += 61_000;
  await use();
  // Another process wrote less than a minute ago by the database's clock: nothing is written again.
  expect((await stored()).version).toBe(version);
});

test('pages of keys follow each other, newest first', async ({ db }) => {
  const accounts = await testAccounts(db);
  const { call } = await aPerson(accounts);
  for (const name of ['1', '2', '3']) await call('POST', '', { name });
  const first = await call('GET', '?limit=2');
  expect(first.body.data.map(({ name }: { name: string }) => name)).toEqual(['3', '2']);
  const second = await call('GET', `?limit=2&cursor=${first.body.next_cursor}`);
  expect([second.body.data.map(({ name }: { name: string }) => name), second.body.next_cursor]).toEqual([['1'], null]);
  expect((await call('GET', '?cursor=nonsense')).status).toBe(422);
});

test('what is no key is refused with the place that is wrong', async ({ db }) => {
  const accounts = await testAccounts(db);
  const { call } = await aPerson(accounts);
  for (const body of [
    {},
    { name: '' },
    { name: 'x'.repeat(101) },
    { name: 'a\nb' },
    { name: 'a', scopes: [] },
    { name: 'a', scopes: ['admin'] },
    { name: 'a', monthly_credit_budget: -1 },
    { name: 'a', monthly_credit_budget: 0.0001 },
    { name: 'a', monthly_credit_budget: 1e300 },
    { name: 'a', expires_at: '2001-01-01T00:00:00Z' },
    { name: 'a', expires_at: 'tomorrow' },
  ]) {
    const answer = await call('POST', '', body);
    expect([body, answer.status, answer.body.code, answer.body.errors.length > 0]).toEqual([
      body,
      422,
      'invalid_request',
      true,
    ]);
  }
});

test('a cookie makes keys only from a page of ours', async ({ db }) => {
  const accounts = await testAccounts(db);
  const { user } = await aPerson(accounts);
  const cookie = await signIn(accounts, user.email);
  const post = async (headers: object) => {
    const answer = await accounts.app.inject({
      method: 'POST',
      url: '/api/v1/api-keys',
      headers: { host, cookie, ...headers },
      payload: { name: 'a' },
    });
    return [answer.statusCode, answer.json().code];
  };
  expect(await post({})).toEqual([403, 'origin_not_allowed']);
  expect(await post({ origin: 'https://evil.example' })).toEqual([403, 'origin_not_allowed']);
  expect((await post({ origin: testOrigin }))[0]).toBe(201);
});
