import { expect, onTestFinished, test } from 'vitest';
import { aKeyCaller, aSessionCaller, type Caller, createTestApi } from '#test/app.ts';
import { cloneDatabase, type TestDatabase } from '#test/database.ts';
import { aClaim, aGeneration, aModel, aSettle, aWorker, aWorkspace } from '#test/factories.ts';
import { letWait } from '#test/queue-invariants.ts';
import { cancelGeneration, heartbeatGeneration, settleGeneration } from './generations.queries.ts';
import type { PlacementView } from './get-placement.ts';

/** A queue that nobody else uses, and a clock that stands; what was read of the queue is forgotten with each call. */
async function aQueue() {
  const db = await cloneDatabase();
  let nowMs = Date.now();
  const api = await createTestApi(db, { clock: { nowMs: () => nowMs } });
  onTestFinished(async () => {
    await api.close();
    await db.close();
  });
  const placement = async (as: Caller, id: string): Promise<PlacementView> => {
    nowMs += 2_000;
    const answer = await api.call({ url: `/api/v1/jobs/${id}/placement`, as });
    expect(answer.statusCode).toBe(200);
    return answer.json<PlacementView>();
  };
  const inMs = (instant: string | undefined): number => Date.parse(instant ?? '') - nowMs;
  return { db, placement, inMs };
}

/** A worker that computes a job of the model, expected to take a minute and at most 100 s. */
async function aBusyWorker(db: TestDatabase, model: string): Promise<string> {
  const workerId = await aWorker(db, [model]);
  const id = await aGeneration(db, await aWorkspace(db), model, { expected: 60_000, ceiling: 100_000 });
  const { attempt } = await aClaim(db, workerId, [model]);
  const beat = { lease_s: 3_600, progress: 0, phase: 'denoise', step: 0, steps: 1, preview: 0 };
  await heartbeatGeneration(db.worker, { generation_id: id, attempt, worker_id: workerId, ...beat });
  return workerId;
}

const nothing = {
  waits_for: null,
  priority: null,
  position: null,
  ahead: null,
  loads_planned: null,
  expected_start: null,
  own_limit: null,
};

test('a waiting job is told its priority in parts, who is ahead by level, and when it should start', async () => {
  const { db, placement, inMs } = await aQueue();
  const model = await aModel(db);
  await aBusyWorker(db, model);
  const other = await aWorkspace(db, { plan: 'studio' });
  const ahead = [await aGeneration(db, other, model), await aGeneration(db, other, model)];
  const caller = await aKeyCaller(db);
  const id = await aGeneration(db, caller, model);

  const shown = await placement(caller, id);
  expect(shown).toMatchObject({
    job_id: id,
    status: 'queued',
    waits_for: 'worker',
    position: 2,
    ahead: [{ level: 8, jobs: 2 }],
    loads_planned: 0,
    own_limit: null,
    priority: {
      level: 6,
      effective_level: 6,
      parts: { level: 1_800, waited: 0, urgency: 0, load: 0, usage: 0, passed_over: 0 },
      points: 1_800,
    },
  });
  // What is left of the minute and twice 2 s, more or less; at the ceilings it would be 106 s.
  const [earliest, latest] = [inMs(shown.expected_start?.earliest), inMs(shown.expected_start?.latest)];
  expect(earliest).toBeGreaterThan(20_000);
  expect(earliest).toBeLessThan(64_000);
  expect(latest).toBeGreaterThan(64_000);
  expect(latest).toBeLessThan(140_000);
  for (const secret of [...ahead, other.workspaceId]) expect(JSON.stringify(shown)).not.toContain(secret);

  // Older by two levels it has overtaken them; what its workspace used lately counts against it.
  await letWait(db, id, 61_000);
  await db.owner.pool.query(
    'update credit_account set recent_gpu_ms = 60000, recent_gpu_at = now() where workspace_id = $1',
    [caller.workspaceId],
  );
  const later = await placement(caller, id);
  expect(later).toMatchObject({
    position: 0,
    ahead: [],
    priority: { effective_level: 8, parts: { waited: 600, urgency: 20_000 } },
  });
  const { parts, points } = later.priority!;
  expect(parts.usage).toBeLessThanOrEqual(-140);
  expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(points);
});

test('what arrived of late is expected to arrive again: the interval reaches later, and names nobody', async () => {
  const { db, placement, inMs } = await aQueue();
  const model = await aModel(db);
  await aBusyWorker(db, model);
  const caller = await aSessionCaller(db, { plan: 'free' });
  const id = await aGeneration(db, caller, model);
  const quiet = inMs((await placement(caller, id)).expected_start?.latest);
  const other = await aWorkspace(db, { plan: 'studio' });
  // They came and went within the last minutes.
  for (let i = 0; i < 200; i += 1)
    await cancelGeneration(db.app, other.workspaceId, await aGeneration(db, other, model));
  const busy = await placement(caller, id);
  expect(busy.position).toBe(0);
  expect(inMs(busy.expected_start?.latest)).toBeGreaterThan(quiet + 10_000);
  expect(JSON.stringify(busy)).not.toContain(other.workspaceId);
});

test('a model that must be loaded is a planned load, and a free worker starts the job at once', async () => {
  const { db, placement, inMs } = await aQueue();
  const model = await aModel(db, { loadMs: 9_000 });
  await aWorker(db, [model]);
  const caller = await aSessionCaller(db);
  const shown = await placement(caller, await aGeneration(db, caller, model));
  expect(shown).toMatchObject({
    waits_for: 'worker',
    position: 0,
    ahead: [],
    loads_planned: 1,
    priority: { parts: { load: -9_000 } },
  });
  expect([inMs(shown.expected_start?.earliest), inMs(shown.expected_start?.latest)]).toEqual([0, 0]);
});

test('a job whose model no living worker has is told so instead of a time', async () => {
  const { db, placement } = await aQueue();
  const model = await aModel(db);
  const caller = await aSessionCaller(db);
  const id = await aGeneration(db, caller, model);
  const silent = await aWorker(db, [model]);
  await db.owner.pool.query("update worker set seen_at = now() - interval '16 seconds' where worker_id = $1", [silent]);
  expect(await placement(caller, id)).toMatchObject({
    waits_for: 'engine',
    position: 0,
    expected_start: null,
    loads_planned: null,
  });
});

test('a backlogged job waits for its own workspace only', async () => {
  const { db, placement } = await aQueue();
  const model = await aModel(db);
  const caller = await aSessionCaller(db);
  const ids = [];
  for (let i = 0; i < 4; i += 1) ids.push(await aGeneration(db, caller, model, { running_max: 2 }));
  expect(await placement(caller, ids[3]!)).toEqual({
    ...nothing,
    job_id: ids[3],
    status: 'backlogged',
    waits_for: 'own_limit',
    position: 1,
    own_limit: { running_at_once: 2, active: 2, rank: 1 },
  });
});

test('nothing is explained about a job that runs or has ended', async () => {
  const { db, placement } = await aQueue();
  const model = await aModel(db);
  const caller = await aSessionCaller(db);
  const id = await aGeneration(db, caller, model);
  const workerId = await aWorker(db, [model]);
  const claim = await aClaim(db, workerId, [model]);
  expect(await placement(caller, id)).toEqual({ ...nothing, job_id: id, status: 'running' });
  await settleGeneration(db.worker, aSettle(claim, workerId));
  expect(await placement(caller, id)).toEqual({ ...nothing, job_id: id, status: 'succeeded' });
});

test('behind a queue longer than what is looked at the interval reaches as far as the queue', async () => {
  const { db, placement, inMs } = await aQueue();
  const model = await aModel(db);
  await aWorker(db, [model]);
  const other = await aWorkspace(db, { credits: 10_000_000 });
  for (let i = 0; i < 230; i += 1) await aGeneration(db, other, model, { running_max: 1_000 });
  const caller = await aSessionCaller(db);
  const shown = await placement(caller, await aGeneration(db, caller, model));
  expect(shown).toMatchObject({ position: 230, ahead: [{ level: 6, jobs: 230 }] });
  // All of them at their ceiling of 5 s; the fairness between workspaces may let it go much earlier.
  expect(inMs(shown.expected_start?.latest)).toBeGreaterThanOrEqual(30 * 5_000);
  expect(inMs(shown.expected_start?.earliest)).toBeLessThan(inMs(shown.expected_start?.latest));
});
