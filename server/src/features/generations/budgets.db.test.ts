import { expect } from 'vitest';
import { type SubmitAnswer, settleGeneration, submitGeneration } from './generations.queries.ts';
import { createDatabase, type Database } from '#platform/db/database.ts';
import { aCatalogueModel, aSessionCaller, test } from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';
import { aClaim, aModel, anApiKey, aSettle, aSubmit, aWorker, type TestWorkspace } from '#test/factories.ts';
import { brokenQueueRules } from '#test/queue-invariants.ts';
import { aMemberOf, mailsOfTeam } from '#test/team.ts';

/** A team with a member who may spend this much (milli-credits), and what submits as that member. */
async function aTeam(db: TestDatabase, budget: number | null) {
  const owner = await aSessionCaller(db, { plan: 'studio' });
  const member = await aMemberOf(db, owner.workspaceId, 'member', { budget });
  const asMember: TestWorkspace = { workspaceId: owner.workspaceId, userId: member.userId, plan: 'studio' };
  return { owner, member, asMember, model: await aModel(db) };
}
const countBy = (answers: SubmitAnswer[]): Record<string, number> =>
  answers.reduce<Record<string, number>>((sum, { outcome }) => ({ ...sum, [outcome]: (sum[outcome] ?? 0) + 1 }), {});
const usageOf = async (db: TestDatabase, { workspaceId, userId }: TestWorkspace) =>
  (
    await db.owner.pool.query('select held, spent from member_usage where workspace_id = $1 and user_id = $2', [
      workspaceId,
      userId,
    ])
  ).rows;
/** Runs the oldest waiting job of the model; it costs `billed` milli-credits. */
async function run(db: TestDatabase, model: string, billed: number): Promise<void> {
  const worker = await aWorker(db, [model]);
  const claim = await aClaim(db, worker, [model]);
  await settleGeneration(db.worker, aSettle(claim, worker, { billed }));
}

test('fifty submits at once spend exactly the member’s budget, by session and by their key together', async ({
  db,
}) => {
  const { owner, asMember, model } = await aTeam(db, 52_000);
  const key = await anApiKey(db, asMember);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      submitGeneration(
        db.app,
        aSubmit(asMember, model, { ceiling: 5_000, ...(index % 2 === 0 && { api_key_id: key, surcharge: 1_000 }) }),
      ),
    ),
  );
  expect(countBy(answers)).toEqual({ accepted: 10, member_budget_exhausted: 40 });
  expect(answers.find(({ outcome }) => outcome === 'member_budget_exhausted')).toMatchObject({
    needed: 5_000,
    available: 2_000,
  });
  expect(await usageOf(db, asMember)).toEqual([{ held: 50_000, spent: 0 }]);
  // Others of the team are not bound by it.
  const ofOwner = await submitGeneration(db.app, aSubmit({ ...asMember, userId: owner.userId }, model));
  expect(ofOwner.outcome).toBe('accepted');
  expect(await brokenQueueRules(db, [owner.workspaceId])).toEqual([]);
});

test('what a job did not use, and what failed, comes back to the budget', async ({ db }) => {
  const { asMember, model } = await aTeam(db, 6_000);
  const submit = () => submitGeneration(db.app, aSubmit(asMember, model, { ceiling: 5_000 }));
  expect((await submit()).outcome).toBe('accepted');
  expect((await submit()).outcome).toBe('member_budget_exhausted');
  await run(db, model, 1_000);
  expect(await usageOf(db, asMember)).toEqual([{ held: 0, spent: 1_000 }]);
  expect((await submit()).outcome).toBe('accepted');
  const worker = await aWorker(db, [model]);
  const claim = await aClaim(db, worker, [model]);
  await settleGeneration(
    db.worker,
    aSettle(claim, worker, { outcome: 'failed', images: [], error_code: 'engine_failed' }),
  );
  expect(await usageOf(db, asMember)).toEqual([{ held: 0, spent: 1_000 }]);
  expect(await brokenQueueRules(db, [asMember.workspaceId])).toEqual([]);
});

test('who is removed submits nothing, though a process still remembers them', async ({ db }) => {
  const { asMember, model } = await aTeam(db, null);
  await db.owner.pool.query('delete from workspace_member where user_id = $1 and workspace_id = $2', [
    asMember.userId,
    asMember.workspaceId,
  ]);
  expect((await submitGeneration(db.app, aSubmit(asMember, model))).outcome).toBe('not_member');
});

test('the API refuses with 402 member_budget_exhausted, and the list of members shows what was spent', async ({
  db,
  api,
}) => {
  const { owner, member, asMember, model } = await aTeam(db, 4_000);
  await submitGeneration(db.app, aSubmit(asMember, model, { ceiling: 4_000 }));
  await run(db, model, 1_234);
  const shown = await api.call({
    url: `/api/v1/workspaces/${owner.workspaceId}/members/${member.userId}`,
    as: owner,
  });
  expect(shown.json()).toMatchObject({ monthly_credit_budget: 4, credits_used_this_month: 1.234 });
  const refused = await api.call({
    method: 'POST',
    url: '/api/v1/generate',
    as: member,
    payload: { model: await aCatalogueModel(db), prompt: '고양이' },
  });
  expect([refused.statusCode, refused.json()]).toMatchObject([
    402,
    { code: 'member_budget_exhausted', needed: 6, available: 2.766 },
  ]);
});

test('50, 80 and 100 % of a member’s budget are told once to owners, admins and the member', async ({ db }) => {
  const { owner, member, asMember, model } = await aTeam(db, 10_000);
  const admin = await aMemberOf(db, owner.workspaceId, 'admin');
  await aMemberOf(db, owner.workspaceId, 'viewer');
  const told = async () => {
    const mails = await mailsOfTeam(db, owner.workspaceId);
    return [...new Set(mails.map(({ subject }) => subject))].concat(mails.map(({ to }) => to).sort());
  };
  const spend = async (billed: number) => {
    await submitGeneration(db.app, aSubmit(asMember, model, { ceiling: billed }));
    await run(db, model, billed);
  };
  const readers = [owner.email, member.email, admin.email].sort();
  await spend(4_999);
  expect(await told()).toEqual([]);
  await spend(1);
  expect(await told()).toEqual(['50 % of a monthly budget is used', ...readers]);
  await spend(1_000);
  expect(await told()).toEqual([]);
  await spend(2_500);
  expect(await told()).toEqual(['80 % of a monthly budget is used', ...readers]);
  // Nothing more fits, so the budget is as good as spent.
  const refused = () => submitGeneration(db.app, aSubmit(asMember, model, { ceiling: 2_000 }));
  expect([(await refused()).outcome, (await refused()).outcome]).toEqual([
    'member_budget_exhausted',
    'member_budget_exhausted',
  ]);
  expect(await told()).toEqual(['A monthly budget is used up', ...readers]);
  await spend(1_500);
  expect(await told()).toEqual([]);
});

test('several shares passed by one job are one mail, and a key’s budget is told to owners and its maker', async ({
  db,
}) => {
  const { owner, member, asMember, model } = await aTeam(db, null);
  const key = await anApiKey(db, asMember, 10_000);
  await submitGeneration(db.app, aSubmit(asMember, model, { ceiling: 9_000, api_key_id: key, surcharge: 1_000 }));
  await run(db, model, 8_000);
  const mails = await mailsOfTeam(db, owner.workspaceId);
  expect(mails.map(({ subject }) => subject)).toEqual(
    Array.from({ length: 2 }, () => '80 % of a monthly budget is used'),
  );
  expect(mails.map(({ to }) => to).sort()).toEqual([owner.email, member.email].sort());
});

test('eight jobs that end at once in eight processes tell each share once; in one process the highest', async ({
  db,
}) => {
  expect(await alertsOfEight(db, () => createDatabase(db.worker.pool))).toEqual([50, 80, 100]);
  expect(await alertsOfEight(db, () => db.worker)).toEqual([100]);
});

/** Eight jobs of a member's budget end at once, each settled over the database it is given. Returns the shares that were told. */
async function alertsOfEight(db: TestDatabase, processOf: () => Database): Promise<number[]> {
  const { owner, asMember, model } = await aTeam(db, 20_000);
  const worker = await aWorker(db, [model]);
  const settles: (() => Promise<unknown>)[] = [];
  for (let index = 0; index < 8; index += 1) {
    await submitGeneration(db.app, aSubmit(asMember, model, { ceiling: 2_500 }));
    const claim = await aClaim(db, worker, [model]);
    const own = processOf();
    settles.push(() => settleGeneration(own, aSettle(claim, worker, { billed: 2_500 })));
  }
  await Promise.all(settles.map((settle) => settle()));
  const { rows } = await db.owner.pool.query(
    "select payload->>'threshold' as threshold from outbox where payload->>'workspace_id' = $1 and task = 'send_budget_alert' order by outbox_id",
    [owner.workspaceId],
  );
  return rows.map(({ threshold }) => Number(threshold));
}
