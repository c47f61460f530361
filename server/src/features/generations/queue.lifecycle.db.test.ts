import { expect } from 'vitest';
import {
  cancelGeneration,
  claimGeneration,
  drainWorker,
  heartbeatGeneration,
  registerWorker,
  removeWorker,
  requeueDeadLetter,
  settleGeneration,
  submitGeneration,
  sweepQueue,
  wipeGeneration,
  workerSeen,
} from './generations.queries.ts';
import type { Claim, HeartbeatInput } from './generations.queries.ts';
import { newId } from '#platform/new-id.ts';
import { test, type TestDatabase } from '#test/database.ts';
import {
  aClaim,
  aGeneration,
  aModel,
  anApiKey,
  aSettle,
  aSubmit,
  aSucceededGeneration,
  aWorker,
  aWorkspace,
} from '#test/factories.ts';
import type { TestWorkspace } from '#test/factories.ts';
import { accountFacts, brokenQueueRules, loseLease, queueFacts } from '#test/queue-invariants.ts';

/** A workspace with its own model, a worker for it and one submitted job. */
async function scene(db: TestDatabase, changes: Parameters<typeof aGeneration>[3] = {}) {
  const workspace = await aWorkspace(db);
  const model = await aModel(db);
  const worker = await aWorker(db, [model]);
  const job = await aGeneration(db, workspace, model, changes);
  return { workspace, model, worker, job, claim: () => aClaim(db, worker, [model]) };
}

const beat = (claim: Claim, workerId: string, changes: Partial<HeartbeatInput> = {}): HeartbeatInput => ({
  generation_id: claim.generation_id,
  attempt: claim.attempt,
  worker_id: workerId,
  lease_s: 15,
  progress: 0.5,
  phase: 'denoise',
  step: 6,
  steps: 12,
  preview: 1,
  ...changes,
});

const allHold = async (db: TestDatabase, ...workspaces: TestWorkspace[]) =>
  expect(
    await brokenQueueRules(
      db,
      workspaces.map(({ workspaceId }) => workspaceId),
    ),
  ).toEqual([]);

test('a job is held for, claimed, charged what was computed, and the rest comes back', async ({ db }) => {
  const { workspace, worker, job, model, claim } = await scene(db);
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({
    balance: 1_000_000,
    held: 5_000,
    active_jobs: 1,
  });
  const claimed = await claim();
  expect(claimed).toMatchObject({
    generation_id: job,
    workspace_id: workspace.workspaceId,
    attempt: 1,
    model_id: model,
    mode: 'txt2img',
    timeout_ms: 60_000,
    inputs: [],
  });
  expect(claimed.request['prompt']).toBe('고양이');
  expect(await queueFacts(db, job)).toMatchObject({ status: 'running', outcomes: [null] });
  expect(await settleGeneration(db.worker, aSettle(claimed, worker))).toEqual({
    outcome: 'settled',
    status: 'succeeded',
    charged: 1_234,
  });
  expect(await queueFacts(db, job)).toMatchObject({
    status: 'succeeded',
    charged: 1_234,
    held: 0,
    outcomes: ['succeeded'],
  });
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({
    balance: 998_766,
    held: 0,
    active_jobs: 0,
    storage_bytes: 1_000,
    recent_gpu_ms: 1_234,
  });
  await allHold(db, workspace);
});

test('never more than the ceiling is charged', async ({ db }) => {
  const { workspace, worker, claim } = await scene(db);
  expect(await settleGeneration(db.worker, aSettle(await claim(), worker, { billed: 9_999 }))).toMatchObject({
    charged: 5_000,
  });
  await allHold(db, workspace);
});

test('an API call costs its surcharge on top and is counted', async ({ db }) => {
  const workspace = await aWorkspace(db);
  const model = await aModel(db);
  const worker = await aWorker(db, [model]);
  const key = await anApiKey(db, workspace);
  await aGeneration(db, workspace, model, { api_key_id: key, surcharge: 20_000, ceiling: 25_000 });
  expect(await settleGeneration(db.worker, aSettle(await aClaim(db, worker, [model]), worker))).toMatchObject({
    charged: 21_234,
  });
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({ api_calls_in_period: 1 });
  await allHold(db, workspace);
});

test('an unlimited workspace is charged what was computed, without a hold', async ({ db }) => {
  const workspace = await aWorkspace(db, { plan: 'enterprise', credits: 0 });
  const model = await aModel(db);
  const claim = await aSucceededGeneration(db, workspace, model);
  expect(await queueFacts(db, claim.generation_id)).toMatchObject({ status: 'succeeded', charged: 1_234 });
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({ balance: 0, held: 0 });
  await allHold(db, workspace);
});

test('a failed job costs nothing, delivers nothing and gives its API call back', async ({ db }) => {
  const workspace = await aWorkspace(db);
  const model = await aModel(db);
  const worker = await aWorker(db, [model]);
  const key = await anApiKey(db, workspace);
  const job = await aGeneration(db, workspace, model, { api_key_id: key, surcharge: 20_000, ceiling: 25_000 });
  const answer = await settleGeneration(
    db.worker,
    aSettle(await aClaim(db, worker, [model]), worker, {
      outcome: 'failed',
      error_code: 'engine_bad_output',
      error_detail: 'no',
    }),
  );
  expect(answer).toEqual({ outcome: 'settled', status: 'failed', charged: 0 });
  expect(await queueFacts(db, job)).toMatchObject({
    status: 'failed',
    charged: 0,
    error_code: 'engine_bad_output',
    outcomes: ['failed'],
  });
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({
    balance: 1_000_000,
    held: 0,
    api_calls_in_period: 0,
    storage_bytes: 0,
  });
  await allHold(db, workspace);
});

test('settling twice charges once', async ({ db }) => {
  const { workspace, worker, claim } = await scene(db);
  const settle = aSettle(await claim(), worker);
  const answers = await Promise.all([settleGeneration(db.worker, settle), settleGeneration(db.worker, settle)]);
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['settled', 'stale']);
  await allHold(db, workspace);
});

test('a worker that lost its lease can neither renew nor settle, and nothing is charged for it', async ({ db }) => {
  const { workspace, worker, job, model, claim } = await scene(db);
  const zombie = await claim();
  await loseLease(db, job);
  expect((await sweepQueue(db.app)).changed).toContainEqual({
    workspace_id: workspace.workspaceId,
    generation_id: job,
  });
  expect(await queueFacts(db, job)).toMatchObject({ status: 'queued', attempts_counted: 1, outcomes: ['lease_lost'] });
  expect(await heartbeatGeneration(db.worker, beat(zombie, worker))).toEqual({ held: false, cancel: false });
  expect(await settleGeneration(db.worker, aSettle(zombie, worker))).toEqual({
    outcome: 'stale',
    status: 'queued',
    charged: 0,
  });

  const second = await aWorker(db, [model]);
  const again = await aClaim(db, second, [model]);
  expect(again).toMatchObject({ generation_id: job, attempt: 2 });
  expect((await settleGeneration(db.worker, aSettle(zombie, worker))).outcome).toBe('stale');
  // The same attempt from another worker is as stale as another attempt.
  expect((await settleGeneration(db.worker, aSettle(again, worker))).outcome).toBe('stale');
  expect((await settleGeneration(db.worker, aSettle(again, second))).charged).toBe(1_234);
  expect((await settleGeneration(db.worker, aSettle(zombie, worker))).outcome).toBe('stale');
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({ balance: 998_766, storage_bytes: 1_000 });
  await allHold(db, workspace);
});

test('a lease that is renewed is not taken away', async ({ db }) => {
  const { worker, job, claim } = await scene(db);
  const claimed = await claim();
  await loseLease(db, job);
  expect(await heartbeatGeneration(db.worker, beat(claimed, worker))).toEqual({ held: true, cancel: false });
  await sweepQueue(db.app);
  expect((await queueFacts(db, job)).status).toBe('running');
});

test('the third lost lease makes a dead letter whose hold is released, and a free second run', async ({ db }) => {
  const { workspace, worker, job, model, claim } = await scene(db);
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    expect((await claim()).attempt).toBe(attempt);
    await loseLease(db, job);
    await sweepQueue(db.app);
  }
  expect(await queueFacts(db, job)).toMatchObject({
    status: 'failed',
    error_code: 'worker_lost',
    held: 0,
    charged: 0,
    outcomes: ['lease_lost', 'lease_lost', 'lease_lost'],
  });
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({ balance: 1_000_000, held: 0, active_jobs: 0 });

  const requeued = await requeueDeadLetter(db.admin, job);
  if (requeued.outcome !== 'requeued') throw new Error(requeued.outcome);
  expect(requeued.workspace_id).toBe(workspace.workspaceId);
  expect((await requeueDeadLetter(db.admin, job)).outcome).toBe('already_requeued');
  const free = await aClaim(db, worker, [model]);
  expect(free).toMatchObject({ generation_id: requeued.generation_id, requeue_of: job });
  expect(await settleGeneration(db.worker, aSettle(free, worker))).toMatchObject({ outcome: 'settled', charged: 0 });
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({ balance: 1_000_000, storage_bytes: 1_000 });
  expect(await requeueDeadLetter(db.admin, requeued.generation_id)).toEqual({
    outcome: 'not_a_dead_letter',
    status: 'succeeded',
  });
  expect(await requeueDeadLetter(db.admin, newId())).toEqual({ outcome: 'not_found' });
  await allHold(db, workspace);
});

test('a free second run of an unlimited workspace stays free, also when it fails', async ({ db }) => {
  const workspace = await aWorkspace(db, { plan: 'enterprise', credits: 0 });
  const model = await aModel(db);
  const worker = await aWorker(db, [model]);
  const job = await aGeneration(db, workspace, model);
  await settleGeneration(db.worker, aSettle(await aClaim(db, worker, [model]), worker, { outcome: 'failed' }));
  for (const outcome of ['failed', 'succeeded'] as const) {
    expect((await requeueDeadLetter(db.admin, job)).outcome).toBe('requeued');
    expect(
      await settleGeneration(db.worker, aSettle(await aClaim(db, worker, [model]), worker, { outcome })),
    ).toMatchObject({ status: outcome, charged: 0 });
  }
  await allHold(db, workspace);
});

test('attempts that end by a drain or by an engine that is down do not count', async ({ db }) => {
  const { workspace, worker, job, claim } = await scene(db);
  for (let i = 0; i < 4; i += 1) {
    const error_code = i % 2 === 0 ? null : 'engine_unreachable';
    expect(
      await settleGeneration(
        db.worker,
        aSettle(await claim(), worker, { outcome: 'retry', counts: false, error_code, images: [] }),
      ),
    ).toEqual({
      outcome: 'requeued',
      status: 'queued',
      charged: 0,
    });
  }
  expect(await queueFacts(db, job)).toMatchObject({
    attempt: 4,
    attempts_counted: 0,
    outcomes: ['drained', 'engine_down', 'drained', 'engine_down'],
  });
  for (let i = 0; i < 3; i += 1) {
    await settleGeneration(
      db.worker,
      aSettle(await claim(), worker, { outcome: 'retry', error_code: 'engine_timeout', images: [] }),
    );
  }
  expect(await queueFacts(db, job)).toMatchObject({
    status: 'failed',
    error_code: 'engine_timeout',
    attempts_counted: 3,
  });
  expect((await queueFacts(db, job)).outcomes.slice(4)).toEqual(['timed_out', 'timed_out', 'timed_out']);
  await allHold(db, workspace);
});

test('a job that comes back takes its old place', async ({ db }) => {
  const { workspace, worker, job, model, claim } = await scene(db);
  const claimed = await claim();
  const younger = await aGeneration(db, workspace, model);
  await settleGeneration(db.worker, aSettle(claimed, worker, { outcome: 'retry', counts: false, images: [] }));
  expect((await claim()).generation_id).toBe(job);
  expect((await claim()).generation_id).toBe(younger);
});

test('backlogged jobs move up in the order they came, one for each that ends', async ({ db }) => {
  const workspace = await aWorkspace(db);
  const model = await aModel(db);
  const worker = await aWorker(db, [model]);
  const ids: string[] = [];
  for (let i = 0; i < 5; i += 1) ids.push(await aGeneration(db, workspace, model, { running_max: 2 }));
  const statuses = async () => Promise.all(ids.map(async (id) => (await queueFacts(db, id)).status));
  expect(await statuses()).toEqual(['queued', 'queued', 'backlogged', 'backlogged', 'backlogged']);
  await settleGeneration(db.worker, aSettle(await aClaim(db, worker, [model]), worker));
  expect(await statuses()).toEqual(['succeeded', 'queued', 'queued', 'backlogged', 'backlogged']);
  await cancelGeneration(db.app, workspace.workspaceId, ids[1]!);
  expect(await statuses()).toEqual(['succeeded', 'cancelled', 'queued', 'queued', 'backlogged']);
  await cancelGeneration(db.app, workspace.workspaceId, ids[4]!);
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({
    active_jobs: 2,
    backlogged_jobs: 0,
    held: 10_000,
  });
  await allHold(db, workspace);
});

test('a cancelled waiting job gives its hold back', async ({ db }) => {
  const { workspace, job } = await scene(db);
  expect(await cancelGeneration(db.app, workspace.workspaceId, job)).toEqual({
    outcome: 'cancelled',
    status: 'cancelled',
  });
  expect(await cancelGeneration(db.app, workspace.workspaceId, job)).toEqual({ outcome: 'ended', status: 'cancelled' });
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({ balance: 1_000_000, held: 0, active_jobs: 0 });
  await allHold(db, workspace);
});

test('a cancel while running reaches the worker, and what was computed is kept and charged', async ({ db }) => {
  const { workspace, worker, job, claim } = await scene(db);
  const claimed = await claim();
  expect(await cancelGeneration(db.app, workspace.workspaceId, job)).toEqual({
    outcome: 'requested',
    status: 'running',
  });
  const { version } = await queueFacts(db, job);
  expect(await cancelGeneration(db.app, workspace.workspaceId, job)).toEqual({
    outcome: 'requested',
    status: 'running',
  });
  expect((await queueFacts(db, job)).version).toBe(version);
  expect(await heartbeatGeneration(db.worker, beat(claimed, worker))).toEqual({ held: true, cancel: true });
  expect(await settleGeneration(db.worker, aSettle(claimed, worker, { outcome: 'cancelled', billed: 400 }))).toEqual({
    outcome: 'settled',
    status: 'cancelled',
    charged: 400,
  });
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({
    balance: 999_600,
    held: 0,
    storage_bytes: 1_000,
  });
  expect((await cancelGeneration(db.app, workspace.workspaceId, job)).outcome).toBe('ended');
  await allHold(db, workspace);
});

test('a cancelled job whose worker is lost or hands it back ends free of charge', async ({ db }) => {
  for (const end of ['lost', 'handed back'] as const) {
    const { workspace, worker, job, claim } = await scene(db);
    const claimed = await claim();
    await cancelGeneration(db.app, workspace.workspaceId, job);
    if (end === 'lost') {
      await loseLease(db, job);
      await sweepQueue(db.app);
    } else {
      await settleGeneration(db.worker, aSettle(claimed, worker, { outcome: 'retry', images: [] }));
    }
    expect(await queueFacts(db, job)).toMatchObject({ status: 'cancelled', charged: 0 });
    await allHold(db, workspace);
  }
});

test('a cancel that nobody asked for costs nothing: the job goes back', async ({ db }) => {
  const { worker, job, claim } = await scene(db);
  expect(
    await settleGeneration(db.worker, aSettle(await claim(), worker, { outcome: 'cancelled', counts: false })),
  ).toMatchObject({ outcome: 'requeued', charged: 0 });
  expect((await queueFacts(db, job)).status).toBe('queued');
});

test('nobody cancels or wipes a neighbour’s job', async ({ db }) => {
  const { job } = await scene(db);
  const neighbour = await aWorkspace(db);
  expect(await cancelGeneration(db.app, neighbour.workspaceId, job)).toEqual({ outcome: 'not_found', status: null });
  expect(await wipeGeneration(db.app, neighbour.workspaceId, job)).toEqual({ outcome: 'not_found' });
  expect((await queueFacts(db, job)).status).toBe('queued');
});

test('what has not started in time expires, gives its hold back and makes room; it is not claimed any more', async ({
  db,
}) => {
  const { workspace, model, worker, job } = await scene(db, { running_max: 1 });
  const backlogged = await aGeneration(db, workspace, model, { running_max: 1 });
  const next = await aGeneration(db, workspace, model, { running_max: 1 });
  await db.owner.pool.query(
    "update public.generation set start_by = now() - interval '1 second' where generation_id = any($1)",
    [[job, backlogged]],
  );
  expect(
    await claimGeneration(db.worker, { worker_id: worker, models: [model], loaded_model: null, lease_s: 15 }),
  ).toBeUndefined();
  const { changed } = await sweepQueue(db.app);
  for (const generation_id of [job, backlogged]) {
    expect(changed).toContainEqual({ workspace_id: workspace.workspaceId, generation_id });
    expect(await queueFacts(db, generation_id)).toMatchObject({ status: 'expired', charged: 0 });
  }
  expect((await queueFacts(db, next)).status).toBe('queued');
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({
    held: 5_000,
    active_jobs: 1,
    backlogged_jobs: 0,
  });
  await allHold(db, workspace);
});

test('a wiped job keeps its amounts and loses its words and pictures', async ({ db }) => {
  const workspace = await aWorkspace(db);
  const model = await aModel(db);
  const { generation_id: job } = await aSucceededGeneration(db, workspace, model);
  const waiting = await aGeneration(db, workspace, model);
  expect(await wipeGeneration(db.app, workspace.workspaceId, waiting)).toEqual({
    outcome: 'not_ended',
    status: 'queued',
  });
  expect(await wipeGeneration(db.app, workspace.workspaceId, job)).toEqual({ outcome: 'wiped' });
  expect(await wipeGeneration(db.app, workspace.workspaceId, job)).toEqual({ outcome: 'wiped' });
  const { rows } = await db.owner.pool.query(
    'select request, recipe_sha256, charged, wiped_at is not null as wiped from public.generation where generation_id = $1',
    [job],
  );
  expect(rows[0]).toEqual({ request: {}, recipe_sha256: null, charged: 1_234, wiped: true });
  const chores = await db.owner.pool.query(
    "select payload from public.outbox where task = 'delete_objects' and payload->>'workspace_id' = $1",
    [workspace.workspaceId],
  );
  expect(chores.rows).toEqual([
    { payload: { workspace_id: workspace.workspaceId, storage_keys: [expect.stringContaining(job)] } },
  ]);
  await allHold(db, workspace);
});

test('usage counts in the month of the submit, also when the job ends in the next one', async ({ db }) => {
  const workspace = await aWorkspace(db);
  const model = await aModel(db);
  const worker = await aWorker(db, [model]);
  const key = await anApiKey(db, workspace, 100_000);
  const job = { api_key_id: key, surcharge: 20_000, ceiling: 25_000 };
  await aGeneration(db, workspace, model, job);
  const cancelled = await aGeneration(db, workspace, model, job);
  // A month goes by: everything of this workspace is one period older.
  for (const [table, column] of [
    ['credit_account', 'period_anchor'],
    ['credit_account', 'period_start'],
    ['credit_account', 'period_end'],
    ['credit_account', 'next_due_at'],
    ['credit_hold', 'period_start'],
    ['generation', 'period_start'],
    ['api_key_usage', 'period_start'],
  ])
    await db.owner.pool.query(
      `update public.${table} set ${column} = ${column} - interval '31 days' where workspace_id = $1`,
      [workspace.workspaceId],
    );
  await aGeneration(db, workspace, model, job);
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({ api_calls_in_period: 1 });
  await settleGeneration(db.worker, aSettle(await aClaim(db, worker, [model]), worker));
  await cancelGeneration(db.app, workspace.workspaceId, cancelled);
  // The call of last month was not counted in this one, so it is not given back here.
  expect(await accountFacts(db, workspace.workspaceId)).toMatchObject({ api_calls_in_period: 1 });
  const { rows } = await db.owner.pool.query(
    'select held, spent from public.api_key_usage where key_id = $1 order by period_start',
    [key],
  );
  expect(rows).toEqual([
    { held: 0, spent: 21_234 },
    { held: 25_000, spent: 0 },
  ]);
});

test('a draining, forgotten or unknown worker gets nothing', async ({ db }) => {
  const { model, worker, job } = await scene(db);
  const claim = (workerId: string) =>
    claimGeneration(db.worker, { worker_id: workerId, models: [model], loaded_model: null, lease_s: 15 });
  expect(await claim(newId())).toBeUndefined();
  expect(await drainWorker(db.worker, worker)).toBe(true);
  expect(await claim(worker)).toBeUndefined();
  await db.owner.pool.query("update public.worker set seen_at = now() - interval '61 seconds' where worker_id = $1", [
    worker,
  ]);
  await sweepQueue(db.app);
  expect(await workerSeen(db.worker, worker, null)).toBe(false);
  await registerWorker(db.worker, {
    worker_id: worker,
    name: 'back',
    engine: 'fake',
    device: 'd',
    device_class: 'c',
    models: [model],
    loaded_model: null,
  });
  expect(await workerSeen(db.worker, worker, model)).toBe(true);
  expect((await claim(worker))?.generation_id).toBe(job);
  // It holds a job: neither it nor the sweep forgets it before the lease has decided.
  expect(await removeWorker(db.worker, worker)).toBe(false);
  await db.owner.pool.query("update public.worker set seen_at = now() - interval '61 seconds' where worker_id = $1", [
    worker,
  ]);
  await sweepQueue(db.app);
  expect(await workerSeen(db.worker, worker, model)).toBe(true);
});

test('a worker reads the pictures of its own job’s workspace only', async ({ db }) => {
  const workspace = await aWorkspace(db);
  const model = await aModel(db);
  const own = (await aSucceededGeneration(db, workspace, model)).generation_id;
  const foreign = (await aSucceededGeneration(db, await aWorkspace(db), model)).generation_id;
  const imageOf = async (job: string): Promise<string> =>
    (
      await db.owner.pool.query<{ image_id: string }>('select image_id from public.image where generation_id = $1', [
        job,
      ])
    ).rows[0]!.image_id;
  const request = { prompt: 'x', init_image_id: await imageOf(own), mask_image_id: await imageOf(foreign) };
  expect((await submitGeneration(db.app, aSubmit(workspace, model, { request, mode: 'inpaint' }))).outcome).toBe(
    'accepted',
  );
  const { inputs } = await aClaim(db, await aWorker(db, [model]), [model]);
  expect(inputs).toEqual([
    {
      image_id: request.init_image_id,
      role: 'init',
      storage_key: expect.stringContaining(own),
      sha256: '0'.repeat(64),
    },
  ]);
});
