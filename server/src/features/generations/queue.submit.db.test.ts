import { expect } from 'vitest';
import { cancelGeneration, submitGeneration, type SubmitAnswer } from './generations.queries.ts';
import { createDatabase } from '#platform/db/database.ts';
import { openPool } from '#platform/db/pool.ts';
import { newId } from '#platform/new-id.ts';
import { test } from '#test/database.ts';
import { aClaim, aGeneration, aModel, anApiKey, aSubmit, aWorker, aWorkspace } from '#test/factories.ts';
import { accountFacts, brokenQueueRules } from '#test/queue-invariants.ts';

const cost = 5_000;
const countBy = (answers: SubmitAnswer[]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(answers, ({ outcome }) => outcome)).map(([outcome, group]) => [
      outcome,
      group.length,
    ]),
  );

for (const affordable of [0, 1, 137, 999]) {
  test(`of 1,000 submits at once with credits for ${affordable}, exactly ${affordable} are accepted`, async ({
    db,
  }) => {
    const workspace = await aWorkspace(db, { credits: affordable * cost + (affordable > 0 ? cost - 1 : 0) });
    const model = await aModel(db);
    const app = createDatabase(
      openPool({ connectionString: db.url('pingvas_app'), max: 56, name: 'test', log: { warn: () => undefined } }),
    );
    try {
      const answers = await Promise.all(
        Array.from({ length: 1_000 }, () =>
          submitGeneration(app, aSubmit(workspace, model, { ceiling: cost, waiting_max: 10_000 })),
        ),
      );
      const counts = countBy(answers);
      expect(counts['accepted'] ?? 0).toBe(affordable);
      expect((counts['credits_held'] ?? 0) + (counts['credits_exhausted'] ?? 0)).toBe(1_000 - affordable);
      // Whoever comes after the first hold would have fitted with it.
      expect(counts['credits_exhausted'] ?? 0).toBe(affordable === 0 ? 1_000 : 0);
    } finally {
      await app.pool.end();
    }
    expect((await accountFacts(db, workspace.workspaceId)).held).toBe(affordable * cost);
    expect(await brokenQueueRules(db, [workspace.workspaceId])).toEqual([]);
  });
}

test('fifty equal submits with one key at once make one job and get equal answers', async ({ db }) => {
  const workspace = await aWorkspace(db);
  const neighbour = await aWorkspace(db);
  const model = await aModel(db);
  const idempotency = { key: 'order-1', fingerprint: 'a' };
  const submit = (changes = {}) => submitGeneration(db.app, aSubmit(workspace, model, { idempotency, ...changes }));
  const answers = await Promise.all(Array.from({ length: 50 }, () => submit()));
  expect(countBy(answers)).toEqual({ accepted: 1, replayed: 49 });
  const bodies = new Set(answers.map((answer) => JSON.stringify('response' in answer ? answer.response : answer)));
  expect(bodies.size).toBe(1);
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({
    active_jobs: 1,
    backlogged_jobs: 0,
    held: cost,
  });

  expect((await submit({ idempotency: { key: 'order-1', fingerprint: 'b' } })).outcome).toBe('idempotency_key_reused');
  expect((await submitGeneration(db.app, aSubmit(neighbour, model, { idempotency }))).outcome).toBe('accepted');

  await db.owner.pool.query(
    "update public.idempotency set created_at = now() - interval '25 hours' where workspace_id = $1",
    [workspace.workspaceId],
  );
  expect((await submit({ idempotency: { key: 'order-1', fingerprint: 'b' } })).outcome).toBe('accepted');
});

test('a refused submit leaves nothing behind, also not its idempotency key', async ({ db }) => {
  const workspace = await aWorkspace(db, { credits: 1_000 });
  const model = await aModel(db);
  const input = aSubmit(workspace, model, { idempotency: { key: 'k', fingerprint: 'a' } });
  expect(await submitGeneration(db.app, input)).toMatchObject({
    outcome: 'credits_exhausted',
    needed: cost,
    available: 1_000,
    held: 0,
    next_release_at: null,
  });
  expect((await submitGeneration(db.app, { ...input, ceiling: 1_000 })).outcome).toBe('accepted');
  expect(await brokenQueueRules(db, [workspace.workspaceId])).toEqual([]);
});

test('credits that are only held are told apart from credits that are gone', async ({ db }) => {
  const workspace = await aWorkspace(db, { credits: 6_000 });
  const model = await aModel(db);
  await aGeneration(db, workspace, model);
  const refused = await submitGeneration(db.app, aSubmit(workspace, model));
  expect(refused).toMatchObject({
    outcome: 'credits_held',
    needed: cost,
    available: 1_000,
    held: cost,
    next_release_at: null,
  });
  await aClaim(db, await aWorker(db, [model]), [model]);
  const later = await submitGeneration(db.app, aSubmit(workspace, model));
  expect(later).toMatchObject({
    outcome: 'credits_held',
    next_release_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\.\d{3}Z$/),
    resets_at: expect.any(String),
  });
  expect((await submitGeneration(db.app, aSubmit(workspace, model, { ceiling: 7_000 }))).outcome).toBe(
    'credits_exhausted',
  );
});

test('beyond its own limit a workspace is backlogged, beyond the second one refused', async ({ db }) => {
  const workspace = await aWorkspace(db);
  const model = await aModel(db);
  const submit = () => submitGeneration(db.app, aSubmit(workspace, model, { running_max: 1, waiting_max: 3 }));
  const answers = [await submit(), await submit(), await submit(), await submit()];
  expect(answers.map((answer) => ('response' in answer ? answer.response.status : answer.outcome))).toEqual([
    'queued',
    'backlogged',
    'backlogged',
    'queue_full',
  ]);
  expect(answers.map((answer) => ('response' in answer ? answer.response.position : null)).slice(1, 3)).toEqual([1, 2]);
  // A running job no longer waits.
  await aClaim(db, await aWorker(db, [model]), [model]);
  expect((await submit()).outcome).toBe('accepted');
});

test('a bigger plan lets the oldest backlogged jobs in before the new one', async ({ db }) => {
  const workspace = await aWorkspace(db);
  const model = await aModel(db);
  const ids: string[] = [];
  for (let i = 0; i < 3; i += 1) ids.push(await aGeneration(db, workspace, model, { running_max: 1 }));
  const answer = await submitGeneration(db.app, aSubmit(workspace, model, { running_max: 3 }));
  expect(answer).toMatchObject({ outcome: 'accepted', response: { status: 'backlogged' } });
  const { rows } = await db.owner.pool.query(
    'select generation_id from public.ready where workspace_id = $1 order by generation_id',
    [workspace.workspaceId],
  );
  expect(rows.map((row) => row.generation_id)).toEqual(ids);
  expect(await brokenQueueRules(db, [workspace.workspaceId])).toEqual([]);
});

test('suspended, moved to another plan, out of storage, or not this workspace: refused', async ({ db }) => {
  const workspace = await aWorkspace(db);
  const other = await aWorkspace(db);
  const model = await aModel(db);
  const outcome = async (changes = {}) => (await submitGeneration(db.app, aSubmit(workspace, model, changes))).outcome;
  expect(await outcome({ plan: 'studio' })).toBe('plan_changed');
  await db.owner.pool.query('update public.credit_account set storage_bytes = 10 where workspace_id = $1', [
    workspace.workspaceId,
  ]);
  expect(await outcome({ storage_max: 10 })).toBe('storage_exhausted');
  await db.owner.pool.query('update public.credit_account set storage_bytes = 0 where workspace_id = $1', [
    workspace.workspaceId,
  ]);
  await db.owner.pool.query('update public.workspace set suspended_at = now() where workspace_id = $1', [
    workspace.workspaceId,
  ]);
  expect(await outcome()).toBe('workspace_suspended');
  // The function trusts nobody's word for the workspace: whoever asks must be a member of it.
  expect(await outcome({ workspace_id: other.workspaceId })).toBe('not_member');
  expect((await submitGeneration(db.app, aSubmit({ ...other, workspaceId: newId() }, model))).outcome).toBe(
    'not_found',
  );
});

test('a key spends at most its budget, and API calls at most the plan’s', async ({ db }) => {
  const workspace = await aWorkspace(db);
  const model = await aModel(db);
  const key = await anApiKey(db, workspace, 60_000);
  const surcharge = 20_000;
  const submit = (changes = {}) =>
    submitGeneration(db.app, aSubmit(workspace, model, { api_key_id: key, surcharge, ceiling: 25_000, ...changes }));
  const answers = await Promise.all(Array.from({ length: 10 }, () => submit()));
  expect(countBy(answers)).toEqual({ accepted: 2, key_budget_exhausted: 8 });
  expect(answers.find(({ outcome }) => outcome === 'key_budget_exhausted')).toMatchObject({
    needed: 25_000,
    available: 10_000,
  });
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({ api_calls_in_period: 2, held: 50_000 });
  expect(await submit({ api_calls_max: 2 })).toMatchObject({
    outcome: 'api_calls_exhausted',
    resets_at: expect.any(String),
  });

  // What is given back can be spent again.
  const accepted = answers.flatMap((answer) => (answer.outcome === 'accepted' ? [answer.response.job_id] : []));
  await cancelGeneration(db.app, workspace.workspaceId, accepted[0]!);
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({ api_calls_in_period: 1, held: 25_000 });
  expect((await submit({ api_calls_max: 2 })).outcome).toBe('accepted');

  const stranger = await anApiKey(db, await aWorkspace(db));
  expect((await submit({ api_key_id: stranger })).outcome).toBe('not_found');
  await db.owner.pool.query('update public.api_key set revoked_at = now() where key_id = $1', [key]);
  expect((await submit()).outcome).toBe('not_found');
  expect(await brokenQueueRules(db, [workspace.workspaceId])).toEqual([]);
});

test('an unlimited workspace holds nothing and is never refused for credits', async ({ db }) => {
  const workspace = await aWorkspace(db, { plan: 'enterprise', credits: 0 });
  const model = await aModel(db);
  const answer = await submitGeneration(db.app, aSubmit(workspace, model, { ceiling: 1_000_000_000 }));
  expect(answer).toMatchObject({ outcome: 'accepted', response: { held_credits: 0, ceiling_credits: 1_000_000 } });
});
