import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { expect } from 'vitest';
import { aVerifiedUser, signIn, testAccounts, type TestAccounts, tokensOf } from '#test/accounts.ts';
import { test } from '#test/database.ts';
import { makeApiKey } from './api-key-secret.ts';
import { resolveActor } from './resolve-actor.ts';

const host = 'localhost:8000';
const as = (accounts: TestAccounts, headers: IncomingHttpHeaders, workspaceId?: string) =>
  resolveActor(accounts.deps, { headers, workspaceId });

test('a session is a person in the personal workspace, unless another of theirs is named', async ({ db }) => {
  const accounts = await testAccounts(db);
  const [one, other] = [await aVerifiedUser(accounts), await aVerifiedUser(accounts)];
  const cookie = await signIn(accounts, one.email);
  const own = (await as(accounts, { cookie }))!;
  expect(own).toMatchObject({
    kind: 'session',
    userId: one.userId,
    email: one.email,
    emailVerified: true,
    role: 'owner',
    plan: 'free',
    suspended: false,
    scopes: ['read', 'generate'],
  });
  const theirs = (await as(accounts, { cookie: await signIn(accounts, other.email) }))!;
  for (const asked of [theirs.workspaceId, randomUUID(), 'nonsense', "' or 1=1"]) {
    await expect(as(accounts, { cookie }, asked)).rejects.toMatchObject({ code: 'not_found' });
  }
  await db.owner.pool.query(
    "insert into public.workspace_member (workspace_id, user_id, role) values ($1, $2, 'viewer')",
    [theirs.workspaceId, one.userId],
  );
  accounts.deps.callers.forget();
  const { access } = await tokensOf(accounts, one.email);
  for (const headers of [{ cookie }, { authorization: `Bearer ${access}` }]) {
    expect(await as(accounts, headers, theirs.workspaceId)).toMatchObject({
      workspaceId: theirs.workspaceId,
      role: 'viewer',
      workspaceIds: [own.workspaceId, theirs.workspaceId],
    });
    expect(await as(accounts, headers)).toMatchObject({ workspaceId: own.workspaceId, role: 'owner' });
  }
});

test('nobody is somebody without a credential, and a wrong one is refused', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  const cookie = await signIn(accounts, user.email);
  const { rows } = await db.owner.pool.query('select token from auth.session where user_id = $1', [user.userId]);
  const raw: string = rows[0].token;
  expect(await as(accounts, {})).toBe(undefined);
  expect(await as(accounts, { cookie: 'other=1; pingvas.sign_up=x' })).toBe(undefined);
  const wrong = [
    { cookie: `pingvas.session_token=${raw}` },
    { cookie: `pingvas.session_token=${raw}.` },
    { cookie: cookie.replace(raw, raw.split('').reverse().join('')) },
    {
      cookie: `pingvas.session_token=${encodeURIComponent(`${decodeURIComponent(cookie.split('=')[1]!).slice(0, -6)}AAAAAA`)}`,
    },
    { cookie: `pingvas.session_token=${'a'.repeat(20_000)}` },
    { cookie: 'pingvas.session_token=%00' },
    { authorization: `Bearer ${raw}` },
    { authorization: `Bearer ${decodeURIComponent(cookie.split('=')[1]!)}` },
    { authorization: 'Bearer' },
    { authorization: 'Bearer ' },
    { authorization: 'Basic YTpi' },
    { authorization: `Bearer ${makeApiKey().secret}` },
    { authorization: 'Bearer pv_test_0000' },
    { authorization: 'Bearer pv_live_junk' },
    // A wrong token is not forgiven for a good cookie.
    { authorization: 'Bearer x', cookie },
  ];
  for (const headers of wrong) await expect(as(accounts, headers)).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(await as(accounts, { cookie: 'pingvas.session_token=%zz' })).toBe(undefined);
  expect(await as(accounts, { cookie })).toMatchObject({ userId: user.userId });
});

test('a suspension, a changed plan and a lost membership are seen within a second', async ({ db }) => {
  let nowMs = Date.now();
  const accounts = await testAccounts(db, { nowMs: () => nowMs });
  const user = await aVerifiedUser(accounts);
  const { access } = await tokensOf(accounts, user.email);
  const actor = () => as(accounts, { authorization: `Bearer ${access}` });
  const { workspaceId } = (await actor())!;
  await db.owner.pool.query("update public.workspace set suspended_at = now(), plan = 'pro' where workspace_id = $1", [
    workspaceId,
  ]);
  nowMs += 1_000;
  expect(await actor()).toMatchObject({ suspended: true, plan: 'pro' });
  await db.owner.pool.query('delete from public.workspace_member where workspace_id = $1', [workspaceId]);
  nowMs += 1_000;
  await expect(actor()).rejects.toMatchObject({ code: 'not_found' });
});

test('the database says at once when somebody loses rights', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  await tokensOf(accounts, user.email);
  await signIn(accounts, user.email);
  const client = await db.app.pool.connect();
  try {
    let heard = 0;
    client.on('notification', () => (heard += 1));
    await client.query('listen pingvas_access');
    for (const change of [
      'update public.workspace set suspended_at = now() where owner_user_id = $1',
      "update public.workspace_member set role = 'viewer' where user_id = $1",
      'delete from auth.session where user_id = $1',
      'update auth.refresh_family set ended_at = now() where user_id = $1',
      'update auth."user" set epoch = epoch + 1 where id = $1',
    ]) {
      const before = heard;
      await db.owner.pool.query(change, [user.userId]);
      await expect.poll(() => heard).toBeGreaterThan(before);
    }
  } finally {
    client.release(true);
  }
});

test('"me" says who calls, where, and what is left of the plan', async ({ db }) => {
  const accounts = await testAccounts(db);
  const user = await aVerifiedUser(accounts);
  const { access } = await tokensOf(accounts, user.email);
  const answer = await accounts.app.inject({ url: '/api/v1/me', headers: { host, authorization: `Bearer ${access}` } });
  const body = answer.json();
  expect(body).toMatchObject({
    user: { user_id: user.userId, email: user.email, name: '김하나', locale: 'en' },
    workspace: { role: 'owner', plan: 'free', kind: 'personal' },
    limits: {
      credits_per_month: 100,
      api_calls: 0,
      storage_bytes: 1_000_000_000,
      running_max: 1,
      waiting_max: 20,
      members: 1,
    },
    usage: { credits_used_this_month: 0, api_calls: 0, storage_bytes: 0 },
  });
  expect(body.workspaces).toEqual([body.workspace]);
  expect(Date.parse(body.period.end)).toBeGreaterThan(Date.parse(body.period.start));
  const unknown = await accounts.app.inject({
    url: `/api/v1/me?workspace_id=${randomUUID()}`,
    headers: { host, authorization: `Bearer ${access}` },
  });
  expect(unknown.statusCode).toBe(404);
});
