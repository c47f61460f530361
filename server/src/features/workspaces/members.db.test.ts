import { expect, onTestFinished } from 'vitest';
import { aJwtCaller, aKeyCaller, aSessionCaller, type Caller, createTestApi, test, type TestApi } from '#test/app.ts';
import { listenLocally, openEvents } from '#test/event-reader.ts';
import { aMemberOf } from '#test/team.ts';

const memberUrl = (workspaceId: string, userId = ''): string =>
  `/api/v1/workspaces/${workspaceId}/members${userId && `/${userId}`}`;

async function patch(api: TestApi, as: Caller, of: { workspaceId: string; userId: string }, payload: object) {
  const answer = await api.call({ method: 'PATCH', url: memberUrl(of.workspaceId, of.userId), as, payload });
  return { status: answer.statusCode, body: answer.json() };
}
async function remove(api: TestApi, as: Caller, of: { workspaceId: string; userId: string }) {
  const answer = await api.call({ method: 'DELETE', url: memberUrl(of.workspaceId, of.userId), as });
  return { status: answer.statusCode, code: answer.body === '' ? undefined : answer.json().code };
}

test('members are listed with role, budget and use, page by page, to everybody who belongs', async ({ db, api }) => {
  const owner = await aSessionCaller(db, { plan: 'studio' });
  const viewer = await aMemberOf(db, owner.workspaceId, 'viewer');
  const member = await aMemberOf(db, owner.workspaceId, 'member', { budget: 12_345 });
  const url = memberUrl(owner.workspaceId);
  const first = (await api.call({ url: `${url}?limit=2`, as: viewer })).json();
  const second = (await api.call({ url: `${url}?limit=2&cursor=${first.next_cursor}`, as: viewer })).json();
  expect([first.data.length, second.data.length, second.next_cursor]).toEqual([2, 1, null]);
  const all = [...first.data, ...second.data];
  expect(all.map(({ user_id: id }) => id).sort()).toEqual([owner.userId, viewer.userId, member.userId].sort());
  expect(all.find(({ user_id: id }) => id === member.userId)).toMatchObject({
    email: member.email,
    role: 'member',
    monthly_credit_budget: 12.345,
    credits_used_this_month: 0,
  });
  expect((await api.call({ url: memberUrl(owner.workspaceId, 'nobody'), as: owner })).statusCode).toBe(404);
  expect((await api.call({ url: `${url}?cursor=x`, as: owner })).statusCode).toBe(422);
});

test('nobody gives a role above their own, nor changes or removes somebody above them', async ({ db, api }) => {
  const owner = await aSessionCaller(db, { plan: 'studio' });
  const admin = await aMemberOf(db, owner.workspaceId, 'admin');
  const member = await aMemberOf(db, owner.workspaceId, 'member');
  const at = (person: Caller) => ({ workspaceId: owner.workspaceId, userId: person.userId });
  for (const [who, whom, change] of [
    [admin, member, { role: 'owner' }],
    [admin, admin, { role: 'owner' }],
    [admin, owner, { role: 'viewer' }],
    [admin, owner, { monthly_credit_budget: 0 }],
    [admin, admin, { monthly_credit_budget: 1_000 }],
    [member, member, { role: 'admin' }],
    [member, member, { monthly_credit_budget: null }],
    [member, admin, { role: 'viewer' }],
  ] as const) {
    const answer = await patch(api, who, at(whom), change);
    expect.soft([answer.status, answer.body.code], JSON.stringify(change)).toEqual([403, 'role_not_allowed']);
  }
  expect(await remove(api, admin, at(owner))).toEqual({ status: 403, code: 'role_not_allowed' });
  expect(await remove(api, member, at(admin))).toEqual({ status: 403, code: 'role_not_allowed' });
  expect((await patch(api, admin, at(member), { role: 'admin', monthly_credit_budget: 5 })).body).toMatchObject({
    role: 'admin',
    monthly_credit_budget: 5,
  });
  expect((await patch(api, owner, at(member), { monthly_credit_budget: null })).body).toMatchObject({
    role: 'admin',
    monthly_credit_budget: null,
  });
});

test('the last owner neither leaves nor steps down; with a second one the team passes to them', async ({ db, api }) => {
  const owner = await aSessionCaller(db);
  const made = await api.call({ method: 'POST', url: '/api/v1/workspaces', as: owner, payload: { name: 'Team' } });
  const workspaceId = made.json().workspace_id;
  const me = { workspaceId, userId: owner.userId };
  expect(await remove(api, owner, me)).toEqual({ status: 409, code: 'last_owner' });
  expect((await patch(api, owner, me, { role: 'admin' })).body.code).toBe('last_owner');
  const second = await aMemberOf(db, workspaceId, 'member');
  expect((await patch(api, owner, { workspaceId, userId: second.userId }, { role: 'owner' })).status).toBe(200);
  expect(await remove(api, owner, me)).toEqual({ status: 204, code: undefined });
  const { rows } = await db.owner.pool.query('select owner_user_id from workspace where workspace_id = $1', [
    workspaceId,
  ]);
  expect(rows).toEqual([{ owner_user_id: second.userId }]);
  expect(await remove(api, second, { workspaceId, userId: second.userId })).toMatchObject({ code: 'last_owner' });
});

test('a personal workspace stays its person’s, whoever else owns it', async ({ db, api }) => {
  const owner = await aSessionCaller(db, { plan: 'studio' });
  const second = await aMemberOf(db, owner.workspaceId, 'owner');
  expect(await remove(api, second, owner)).toEqual({ status: 409, code: 'last_owner' });
  expect(await remove(api, second, second)).toEqual({ status: 204, code: undefined });
});

test('two owners who demote each other at once leave one', async ({ db, api }) => {
  for (let round = 0; round < 5; round += 1) {
    const one = await aSessionCaller(db);
    const made = await api.call({ method: 'POST', url: '/api/v1/workspaces', as: one, payload: { name: 'Team' } });
    const workspaceId = made.json().workspace_id;
    const other = await aMemberOf(db, workspaceId, 'owner');
    const answers = await Promise.all([
      patch(api, one, { workspaceId, userId: other.userId }, { role: 'member' }),
      patch(api, other, { workspaceId, userId: one.userId }, { role: 'member' }),
    ]);
    // The loser's own answer may come when they are an owner no more.
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const { rows } = await db.owner.pool.query(
      `select m.user_id = w.owner_user_id as named from workspace_member m join workspace w using (workspace_id)
       where w.workspace_id = $1 and m.role = 'owner'`,
      [workspaceId],
    );
    expect(rows).toEqual([{ named: true }]);
  }
});

test('two owners who leave at once leave one', async ({ db, api }) => {
  const one = await aSessionCaller(db);
  const made = await api.call({ method: 'POST', url: '/api/v1/workspaces', as: one, payload: { name: 'Team' } });
  const workspaceId = made.json().workspace_id;
  const other = await aMemberOf(db, workspaceId, 'owner');
  const answers = await Promise.all(
    [one, other].map(({ userId, headers }) =>
      api.call({ method: 'DELETE', url: memberUrl(workspaceId, userId), as: { headers } }),
    ),
  );
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 409]);
});

test('somebody removed gets 404 in the same second by session and token, their keys are dead for good and their streams end', async ({
  db,
}) => {
  // Another process than the one that removes, whose clock stands: what it knows about callers can only go by the notification.
  const startedAtMs = Date.now();
  const [here, there] = [
    await createTestApi(db),
    await createTestApi(db, { streamCheckMs: 50, clock: { nowMs: () => startedAtMs } }),
  ];
  onTestFinished(async () => void (await Promise.all([here.close(), there.close()])));
  await listenLocally(there);
  const owner = await aSessionCaller(db, { plan: 'studio' });
  const member = await aMemberOf(db, owner.workspaceId, 'member');
  const jwt = await aJwtCaller(db, { of: member });
  const token = { headers: { ...jwt.headers, 'x-workspace-id': owner.workspaceId } };
  const key = await aKeyCaller(db, { of: member });
  const stream = await openEvents(there, member, '/api/v1/events');
  const look = async (as: { headers: Record<string, string> }) =>
    (await there.call({ url: '/api/v1/jobs', as })).statusCode;
  expect([await look(member), await look(token), await look(key), stream.status]).toEqual([200, 200, 200, 200]);

  expect((await remove(here, owner, member)).status).toBe(204);
  await expect.poll(() => look(member), { interval: 20 }).toBe(404);
  expect([await look(token), await look(key)]).toEqual([404, 401]);
  expect(await stream.next()).toBeUndefined();
  // Their own workspace is as it was.
  expect((await there.call({ url: '/api/v1/jobs', as: jwt })).statusCode).toBe(200);
  // Coming back brings no key back.
  await aMemberOf(db, owner.workspaceId, 'member', { of: member });
  expect([await look(key)]).toEqual([401]);
});

test('a workspace is made on plan Free without credits, once until it is paid, also by 10 calls at once', async ({
  db,
  api,
}) => {
  const owner = await aSessionCaller(db);
  const post = (key: string) =>
    api.call({
      method: 'POST',
      url: '/api/v1/workspaces',
      as: owner,
      payload: { name: ' 팀 ' },
      headers: { 'idempotency-key': key },
    });
  const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => post(`k${index}`)));
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
  const won = answers.findIndex(({ statusCode }) => statusCode === 201);
  const made = answers[won]!.json();
  expect(made).toMatchObject({ name: '팀', kind: 'team', role: 'owner', plan: 'free' });
  const again = await post(`k${won}`);
  expect([again.json(), again.headers['idempotent-replayed']]).toEqual([made, 'true']);
  expect(answers[(won + 1) % 10]!.json()).toMatchObject({
    code: 'unpaid_workspace_exists',
    workspace_id: made.workspace_id,
  });
  const there = { 'x-workspace-id': made.workspace_id };
  const credits = await api.call({ url: '/api/v1/credits', as: owner, headers: there });
  expect(credits.json()).toMatchObject({ available: 0, grants: [] });
  await db.owner.pool.query("update workspace set plan = 'studio' where workspace_id = $1", [made.workspace_id]);
  expect((await post('next')).statusCode).toBe(201);
  const list = (await api.call({ url: '/api/v1/workspaces?limit=2', as: owner })).json();
  expect(list.data).toHaveLength(2);
  expect(list.next_cursor).toBe(list.data[1].workspace_id);
});

test('an unproven address makes no workspace; owners and admins rename one', async ({ db, api }) => {
  const unproven = await aSessionCaller(db, { verified: false });
  const refused = await api.call({ method: 'POST', url: '/api/v1/workspaces', as: unproven, payload: { name: 'x' } });
  expect(refused.json().code).toBe('email_not_verified');
  const owner = await aSessionCaller(db, { plan: 'studio' });
  const admin = await aMemberOf(db, owner.workspaceId, 'admin');
  const url = `/api/v1/workspaces/${owner.workspaceId}`;
  const renamed = await api.call({ method: 'PATCH', url, as: admin, payload: { name: 'Another' } });
  expect(renamed.json()).toMatchObject({ workspace_id: owner.workspaceId, name: 'Another', role: 'admin' });
  expect((await api.call({ url: '/api/v1/me', as: owner })).json().workspace.name).toBe('Another');
});
