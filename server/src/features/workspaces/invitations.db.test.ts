import { expect } from 'vitest';
import { aKeyCaller, aPerson, aSessionCaller, type Caller, test, type TestApi } from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';
import { aMemberOf, mailsOfTeam } from '#test/team.ts';

const urlOf = (workspaceId: string): string => `/api/v1/workspaces/${workspaceId}/invitations`;
const invite = async (api: TestApi, as: Caller, email: string, role = 'member', workspaceId = as.workspaceId) => {
  const answer = await api.call({ method: 'POST', url: urlOf(workspaceId), as, payload: { email, role } });
  return { status: answer.statusCode, body: answer.json() };
};
const accept = async (api: TestApi, as: { headers: Record<string, string> }, token: string) => {
  const answer = await api.call({ method: 'POST', url: `/api/v1/invitations/${token}/accept`, as });
  return { status: answer.statusCode, body: answer.json() };
};
/** The token in the newest mail of a workspace. */
async function tokenOf(db: TestDatabase, workspaceId: string): Promise<string> {
  const mail = (await mailsOfTeam(db, workspaceId)).at(-1);
  return mail?.text.match(/\/invitations\/([\w-]{43})\n/)?.[1] ?? '';
}
const membersOf = async (db: TestDatabase, workspaceId: string): Promise<number> =>
  (await db.owner.pool.query('select from workspace_member where workspace_id = $1', [workspaceId])).rowCount ?? 0;

test('who is invited by mail and has that address joins in the role of the invitation, and accepting again says the same', async ({
  db,
  api,
}) => {
  const owner = await aSessionCaller(db, { plan: 'studio' });
  const friend = await aSessionCaller(db);
  const invited = await invite(api, owner, ` ${friend.email.toUpperCase()} `, 'admin');
  expect([invited.status, invited.body]).toMatchObject([201, { email: friend.email, role: 'admin' }]);
  expect(Date.parse(invited.body.expires_at) - Date.parse(invited.body.created_at)).toBe(7 * 86_400_000);
  const mails = await mailsOfTeam(db, owner.workspaceId);
  expect(mails.map(({ to }) => to)).toEqual([friend.email]);
  const token = mails[0]!.text.match(/\/invitations\/([\w-]{43})\n/)![1]!;
  const { rows } = await db.owner.pool.query(
    'select w::text as row from workspace_invitation w where workspace_id = $1',
    [owner.workspaceId],
  );
  expect(rows[0].row).not.toContain(token);
  const listed = await api.call({ url: urlOf(owner.workspaceId), as: owner });
  expect(listed.json().data).toEqual([invited.body]);

  const membership = { workspace_id: owner.workspaceId, role: 'admin' };
  expect(await accept(api, friend, token)).toEqual({ status: 200, body: membership });
  expect(await accept(api, friend, token)).toEqual({ status: 200, body: membership });
  expect((await api.call({ url: '/api/v1/me', as: friend })).json().workspaces).toHaveLength(2);
  expect((await api.call({ url: urlOf(owner.workspaceId), as: owner })).json().data).toEqual([]);
  expect((await invite(api, owner, friend.email)).body.code).toBe('already_member');
  // Used up: whoever was removed needs a new one.
  await db.owner.pool.query('delete from workspace_member where workspace_id = $1 and user_id = $2', [
    owner.workspaceId,
    friend.userId,
  ]);
  await expect.poll(async () => (await accept(api, friend, token)).status).toBe(404);
});

test('an invitation opens nothing for another address, an unproven one, a key, or nobody', async ({ db, api }) => {
  const owner = await aSessionCaller(db, { plan: 'studio' });
  const friend = await aPerson(db, { verified: false });
  await invite(api, owner, friend.email);
  const token = await tokenOf(db, owner.workspaceId);
  expect((await accept(api, await aSessionCaller(db), token)).body.code).toBe('invitation_not_yours');
  const unproven = await aSessionCaller(db, { of: friend });
  expect((await accept(api, unproven, token)).body.code).toBe('email_not_verified');
  expect((await accept(api, await aKeyCaller(db, { of: friend }), token)).body.code).toBe('session_required');
  expect((await accept(api, { headers: {} }, token)).status).toBe(401);
  expect((await accept(api, unproven, 'x'.repeat(43))).status).toBe(404);
  expect(await membersOf(db, owner.workspaceId)).toBe(1);
  await db.owner.pool.query('update auth."user" set email_verified = true where id = $1', [friend.userId]);
  expect((await accept(api, unproven, token)).status).toBe(200);
});

test('an invitation ends: revoked, replaced by a newer one, or after seven days; then its mail is not sent either', async ({
  db,
  api,
}) => {
  const owner = await aSessionCaller(db, { plan: 'studio' });
  const friend = await aSessionCaller(db);
  await invite(api, owner, friend.email);
  const first = await tokenOf(db, owner.workspaceId);
  const second = await invite(api, owner, friend.email, 'viewer');
  const newer = await tokenOf(db, owner.workspaceId);
  expect(newer).not.toBe(first);
  expect((await accept(api, friend, first)).status).toBe(404);
  const revoke = () =>
    api.call({ method: 'DELETE', url: `${urlOf(owner.workspaceId)}/${second.body.invitation_id}`, as: owner });
  expect([(await revoke()).statusCode, (await revoke()).statusCode]).toEqual([204, 404]);
  expect((await accept(api, friend, newer)).status).toBe(404);
  await invite(api, owner, friend.email);
  await db.owner.pool.query(
    "update workspace_invitation set expires_at = now() - interval '1 second' where workspace_id = $1",
    [owner.workspaceId],
  );
  expect(await mailsOfTeam(db, owner.workspaceId)).toEqual([]);
  expect((await api.call({ url: urlOf(owner.workspaceId), as: owner })).json().data).toEqual([]);
  expect((await invite(api, owner, friend.email)).status).toBe(201);
});

test('members and viewers invite nobody, and admins no owner', async ({ db, api }) => {
  const owner = await aSessionCaller(db, { plan: 'studio' });
  const [admin, member] = [
    await aMemberOf(db, owner.workspaceId, 'admin'),
    await aMemberOf(db, owner.workspaceId, 'member'),
  ];
  for (const [who, role] of [
    [member, 'viewer'],
    [admin, 'owner'],
  ] as const) {
    expect((await invite(api, who, 'friend@example.test', role)).body.code).toBe('role_not_allowed');
  }
  expect((await api.call({ url: urlOf(owner.workspaceId), as: member })).json().code).toBe('role_not_allowed');
  expect((await invite(api, admin, 'friend@example.test', 'admin')).status).toBe(201);
});

test('twenty accepts of one invitation at once make one member', async ({ db, api }) => {
  const owner = await aSessionCaller(db, { plan: 'studio' });
  const friend = await aSessionCaller(db);
  await invite(api, owner, friend.email);
  const token = await tokenOf(db, owner.workspaceId);
  const answers = await Promise.all(Array.from({ length: 20 }, () => accept(api, friend, token)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(await membersOf(db, owner.workspaceId)).toBe(2);
});

test('a plan’s seats are never exceeded: by ten invitations at once, nor after the plan became smaller', async ({
  db,
  api,
}) => {
  const owner = await aSessionCaller(db, { plan: 'studio' });
  const friends = await Promise.all(Array.from({ length: 10 }, () => aSessionCaller(db)));
  const answers = await Promise.all(friends.map(({ email }) => invite(api, owner, email)));
  // Five on plan Studio: the owner and four.
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(4);
  const refused = answers.filter(({ status }) => status !== 201);
  for (const { status, body } of refused)
    expect([status, body.code, body.members_max]).toEqual([403, 'seats_exhausted', 5]);
  const open = (await api.call({ url: urlOf(owner.workspaceId), as: owner })).json().data;
  const mails = await mailsOfTeam(db, owner.workspaceId);
  expect(mails).toHaveLength(4);
  const seated = friends.filter(({ email }) => mails.some(({ to }) => to === email));
  const tokenTo = (email: string): string =>
    mails.find(({ to }) => to === email)!.text.match(/\/invitations\/([\w-]{43})\n/)![1]!;
  const [first, second] = seated;
  expect((await accept(api, first!, tokenTo(first!.email))).status).toBe(200);
  // A seat of an open invitation is free again when it is taken back, and taken by the next one only.
  const third = open.find(({ email }: { email: string }) => email === seated[2]!.email);
  await api.call({ method: 'DELETE', url: `${urlOf(owner.workspaceId)}/${third.invitation_id}`, as: owner });
  const next = await Promise.all([1, 2, 3].map((n) => invite(api, owner, `late-${n}@example.test`)));
  expect(next.filter(({ status }) => status === 201)).toHaveLength(1);
  await db.owner.pool.query("update workspace set plan = 'pro' where workspace_id = $1", [owner.workspaceId]);
  expect((await accept(api, second!, tokenTo(second!.email))).body).toMatchObject({
    code: 'seats_exhausted',
    members_max: 1,
  });
  expect(await membersOf(db, owner.workspaceId)).toBe(2);
});

test('plans of one person have no second seat', async ({ db, api }) => {
  for (const plan of ['free', 'starter', 'pro'] as const) {
    const owner = await aSessionCaller(db, { plan });
    expect((await invite(api, owner, 'friend@example.test')).body.code).toBe('seats_exhausted');
  }
});
