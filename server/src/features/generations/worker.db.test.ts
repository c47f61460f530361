import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { aFakeModel, createFakeEngine } from '#adapters/engine/fake.ts';
import { readPngText } from '#adapters/pictures/png-text.ts';
import { createPictures } from '#adapters/pictures/sharp.ts';
import { createFileStorage } from '#adapters/storage/file.ts';
import { type Storage, thumbnailKey, thumbnailSizes } from '#adapters/storage/index.ts';
import { createPostgresHints } from '#platform/hints/postgres.ts';
import { createLog } from '#platform/log.ts';
import { test, type TestDatabase } from '#test/database.ts';
import { aModel, aWorker, aWorkspace, type TestWorkspace } from '#test/factories.ts';
import { aRealGeneration, aRunningWorker, untilStatus } from '#test/worker.ts';
import { cancelGeneration } from './generations.queries.ts';
import { createJobClock } from './job-clock.ts';
import { createJobHints } from './job-hints.ts';
import { runGeneration } from './run-generation.ts';
import { createWorkerQueue } from './worker-queue.ts';

/** Short leases, so that losing one takes no time. */
const quick = { leaseMs: 1_000, beatMs: 50, progressMs: 10 };

async function account(
  db: TestDatabase,
  { workspaceId }: TestWorkspace,
): Promise<{ balance: number; held: number; storage_bytes: number; active_jobs: number }> {
  const { rows } = await db.owner.pool.query(
    'select balance, held, storage_bytes, active_jobs from public.credit_account where workspace_id = $1',
    [workspaceId],
  );
  return rows[0];
}

test('a job ends with a verified picture, its thumbnails, and a charge for exactly its billed phases', async ({
  db,
}) => {
  const worker = await aRunningWorker(db, { costUs: { load: 900_000, encode: 1_500, step: 10_250, decode: 2_000 } });
  const workspace = await aWorkspace(db);
  const id = await aRealGeneration(db, workspace, worker.modelId, { request: { count: 2, seed: '4294967295' } });
  const job = await untilStatus(db, id);
  // 2 × (1.5 + 2 × 10.25 + 2) ms = 48 ms; the load is free.
  expect(job).toMatchObject({ status: 'succeeded', charged: 48, attempts: [{ outcome: 'succeeded', billed: 48 }] });
  expect(await account(db, workspace)).toMatchObject({
    balance: 1_000_000 - 48,
    held: 0,
    active_jobs: 0,
    storage_bytes: job.images.reduce((sum, image) => sum + image.size_bytes, 0),
  });
  const seeds: string[] = [];
  for (const image of job.images) {
    const png = (await worker.storage.get(image.storage_key))!;
    expect(createHash('sha256').update(png).digest('hex')).toBe(image.sha256);
    for (const size of thumbnailSizes)
      expect((await worker.storage.head(thumbnailKey(image.storage_key, size)))?.sizeBytes).toBeGreaterThan(0);
    const text = readPngText(png);
    seeds.push((JSON.parse(text.get('recipe')!) as { seed: string }).seed);
  }
  expect(seeds).toEqual(['4294967295', '0']);
  await worker.stop();
});

for (const fault of ['crash', 'corrupt_png', 'wrong_count'] as const) {
  test(`an engine that fails by ${fault} costs nothing and the next attempt delivers`, async ({ db }) => {
    const worker = await aRunningWorker(db, { faults: [fault] });
    const workspace = await aWorkspace(db);
    const job = await untilStatus(db, await aRealGeneration(db, workspace, worker.modelId));
    expect(job.status).toBe('succeeded');
    expect(job.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'succeeded']);
    expect(job.attempts[0]?.billed).toBe(0);
    expect(await account(db, workspace)).toMatchObject({ balance: 1_000_000 - job.charged!, held: 0 });
    await worker.stop();
  });
}

test('an engine that hangs is stopped by the attempt’s limit, and the time costs nothing', async ({ db }) => {
  const worker = await aRunningWorker(db, { faults: ['hang'] });
  const workspace = await aWorkspace(db);
  const job = await untilStatus(db, await aRealGeneration(db, workspace, worker.modelId, { timeout_ms: 2_000 }));
  expect(job.attempts.map(({ outcome, billed }) => [outcome, billed > 0])).toEqual([
    ['timed_out', false],
    ['succeeded', true],
  ]);
  await worker.stop();
});

test('a job whose three attempts fail is a dead letter: nothing charged, the hold given back', async ({ db }) => {
  const worker = await aRunningWorker(db, { faults: (_spec, call) => (call < 2 ? 'crash' : 'out_of_memory') });
  const workspace = await aWorkspace(db);
  const job = await untilStatus(db, await aRealGeneration(db, workspace, worker.modelId));
  expect(job).toMatchObject({ status: 'failed', attempt: 3, error_code: 'engine_out_of_memory', images: [] });
  expect(await account(db, workspace)).toEqual({ balance: 1_000_000, held: 0, storage_bytes: 0, active_jobs: 0 });
  await worker.stop();
});

test('a cancel while running keeps the finished pictures and charges what was computed', async ({ db }) => {
  const worker = await aRunningWorker(db, { timing: quick });
  worker.engine.hold();
  const workspace = await aWorkspace(db);
  const id = await aRealGeneration(db, workspace, worker.modelId, { request: { count: 4 } });
  await worker.engine.untilCalled(1);
  expect(await cancelGeneration(db.app, workspace.workspaceId, id)).toMatchObject({ outcome: 'requested' });
  const job = await untilStatus(db, id);
  expect(job.status).toBe('cancelled');
  expect(job.images.length).toBeLessThan(4);
  expect(await account(db, workspace)).toMatchObject({ balance: 1_000_000 - job.charged!, held: 0, active_jobs: 0 });
  await worker.stop();
});

test('a worker that stops hands its job back uncharged and uncounted, and another one delivers it', async ({ db }) => {
  const first = await aRunningWorker(db, { timing: quick });
  first.engine.hold();
  const workspace = await aWorkspace(db);
  const id = await aRealGeneration(db, workspace, first.modelId);
  await first.engine.untilCalled(1);
  await first.leave(0);
  expect((await untilStatus(db, id, ['queued', 'succeeded'])).status).toBe('queued');
  const second = await aRunningWorker(db, { modelId: first.modelId });
  const job = await untilStatus(db, id);
  expect(job.attempts.map(({ outcome }) => outcome)).toEqual(['drained', 'succeeded']);
  const { rows } = await db.owner.pool.query(
    'select attempts_counted from public.generation where generation_id = $1',
    [id],
  );
  expect(rows[0].attempts_counted).toBe(1);
  await second.stop();
});

test('a worker that lost its lease writes nothing, and the job is charged once', async ({ db }) => {
  const zombie = await aRunningWorker(db, { timing: quick });
  zombie.engine.hold();
  const workspace = await aWorkspace(db);
  const id = await aRealGeneration(db, workspace, zombie.modelId);
  await zombie.engine.untilCalled(1);
  await db.worker.pool.query('select public.drain_worker($1)', [zombie.workerId]);
  // As after a pause longer than the lease: the sweep takes the job away while the worker still renders.
  await db.owner.pool.query(
    "update public.running set lease_until = now() - interval '1 second', worker_id = public.new_id() where generation_id = $1",
    [id],
  );
  await db.app.pool.query('select public.sweep_queue()');
  const heir = await aRunningWorker(db, { modelId: zombie.modelId });
  const job = await untilStatus(db, id);
  zombie.engine.release();
  await zombie.stop();
  await heir.stop();
  expect(job.attempts.at(-1)?.outcome).toBe('succeeded');
  const after = await account(db, workspace);
  expect([after.balance, after.held, after.active_jobs]).toEqual([1_000_000 - job.charged!, 0, 0]);
  const { rows } = await db.owner.pool.query(
    "select count(*)::int as captures from public.ledger_transaction where workspace_id = $1 and kind = 'capture'",
    [workspace.workspaceId],
  );
  expect(rows[0].captures).toBe(1);
});

test('a storage that fails costs nothing: the job is tried again', async ({ db }) => {
  const good = await aRunningWorker(db);
  await good.stop();
  let failures = 2;
  const flaky: Storage = {
    ...good.storage,
    put: async (key, bytes, options) => {
      if (key.endsWith('.png') && failures-- > 0) throw new Error('no space left on device');
      return good.storage.put(key, bytes, options);
    },
  };
  const worker = await aRunningWorker(db, { storage: flaky });
  const workspace = await aWorkspace(db);
  const job = await untilStatus(db, await aRealGeneration(db, workspace, worker.modelId));
  expect(job.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'succeeded']);
  expect(await account(db, workspace)).toMatchObject({ balance: 1_000_000 - job.charged!, held: 0 });
  await worker.stop();
});

test('an answer that is lost after the settlement neither charges twice nor loses the picture', async ({ db }) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pingvas-worker-'));
  const storage = createFileStorage({ root: folder });
  const log = createLog({ level: 'silent', process: 'test' });
  const modelId = await aModel(db);
  const engine = createFakeEngine({ models: [aFakeModel({ id: modelId })] });
  const workspace = await aWorkspace(db);
  const id = await aRealGeneration(db, workspace, modelId);
  const queue = createWorkerQueue(
    db.worker,
    createJobHints(createPostgresHints({ db: db.worker, connectionString: db.url('pingvas_worker'), log }), log),
    { workerId: await aWorker(db, [modelId]), models: () => [modelId], leaseMs: 15_000 },
  );
  const claim = (await queue.claim(null))!;
  let settlements = 0;
  // As when the connection is cut after the commit and before the answer.
  const settle: typeof queue.settle = async (...args) => {
    const answer = await queue.settle(...args);
    settlements += 1;
    if (settlements === 1) throw new Error('Connection terminated unexpectedly');
    return answer;
  };
  const deps = {
    queue: { ...queue, settle },
    engine,
    capabilities: await engine.capabilities(),
    storage,
    pictures: createPictures(),
    log,
    timing: quick,
    onCancelHint: () => () => undefined,
    clock: createJobClock({ loadMs: 0, renderMs: 0 }, 0),
  };
  await runGeneration(deps, claim, new AbortController().signal);
  const job = await untilStatus(db, id);
  expect([settlements, job.status, job.attempts.map(({ outcome }) => outcome)]).toEqual([
    2,
    'succeeded',
    ['succeeded'],
  ]);
  expect(await storage.get(job.images[0]!.storage_key)).toBeDefined();
  expect(await account(db, workspace)).toMatchObject({ balance: 1_000_000 - job.charged!, held: 0, active_jobs: 0 });
  rmSync(folder, { recursive: true, force: true });
});
