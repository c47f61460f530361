import { expect } from 'vitest';
import type { FaultScript } from '#adapters/engine/fake-faults.ts';
import type { MemoryOptions } from '#adapters/engine/port.ts';
import { aKeyCaller, test } from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';
import { aWorkspace } from '#test/factories.ts';
import { brokenQueueRules } from '#test/queue-invariants.ts';
import { aRealGeneration, aRunningWorker, untilStatus } from '#test/worker.ts';
import { claimGeneration } from './generations.queries.ts';

const gib = 2 ** 30;

/** A device that runs out of memory unless the caller spares it in this way. */
const fitsWhen =
  (fits: (memory: MemoryOptions | undefined, call: number) => boolean): FaultScript =>
  (_spec, call, memory) =>
    fits(memory, call) ? null : 'out_of_memory';
const neverFits = fitsWhen(() => false);

const whys = async (db: TestDatabase, id: string): Promise<string[]> =>
  (
    await db.owner.pool.query<{ why: string }>(
      'select why from public.generation_attempt where generation_id = $1 order by number',
      [id],
    )
  ).rows.map(({ why }) => why);

for (const [rungs, fits] of [
  [['models unloaded'], (_memory, call) => call === 1],
  [['models unloaded', 'decoded in tiles'], (memory) => memory?.tiledDecode === true],
  [['models unloaded', 'decoded in tiles', 'one image at a time'], (memory) => memory?.oneAtATime === true],
] satisfies [string[], Parameters<typeof fitsWhen>[0]][]) {
  test(`a device that ran out of memory delivers in the same attempt with ${rungs.at(-1)}, and only what fitted is charged`, async ({
    db,
  }) => {
    const worker = await aRunningWorker(db, {
      faults: fitsWhen(fits),
      costUs: { encode: 1_500, step: 10_250, decode: 2_000 },
    });
    const id = await aRealGeneration(db, await aWorkspace(db), worker.modelId);
    // 1.5 + 2 × 10.25 + 2 ms, once.
    expect(await untilStatus(db, id)).toMatchObject({ status: 'succeeded', charged: 24, attempts: [{ billed: 24 }] });
    expect((await whys(db, id))[0]).toContain(`ran out of memory before, free: then ${rungs.join(', ')}`);
    await worker.stop();
  });
}

test('what nothing can make fit goes to the bigger device, free, and every rung is on the receipt', async ({ db }) => {
  const small = await aRunningWorker(db, { faults: neverFits, memoryBytes: 8 * gib });
  const workspace = await aWorkspace(db);
  small.engine.hold();
  const id = await aRealGeneration(db, workspace, small.modelId);
  await small.engine.untilCalled(1);
  const big = await aRunningWorker(db, { modelId: small.modelId, memoryBytes: 24 * gib });
  small.engine.release();
  const job = await untilStatus(db, id);
  expect(job.attempts.map(({ outcome, billed }) => [outcome, billed > 0])).toEqual([
    ['failed', false],
    ['succeeded', true],
  ]);
  expect((await whys(db, id))[0]).toBe(
    'engine_out_of_memory: free; ran out of memory before, free: then models unloaded, decoded in tiles, one image at a time',
  );
  // The lesson holds for whatever is as big: the small device never sees it again.
  const calls = small.engine.calls.length;
  const bigger = await aRealGeneration(db, workspace, small.modelId, { request: { width: 128 } });
  expect((await untilStatus(db, bigger)).status).toBe('succeeded');
  expect(small.engine.calls.length).toBe(calls);
  await Promise.all([small.stop(), big.stop()]);
  expect(await brokenQueueRules(db, [workspace.workspaceId])).toEqual([]);
});

test('a job that waits already is kept from a device that was too small for one no bigger, and a smaller one is not', async ({
  db,
}) => {
  const small = await aRunningWorker(db, {
    faults: neverFits,
    memoryBytes: 8 * gib,
    breaker: { failuresMax: 1, restMs: 60_000 },
  });
  small.engine.hold();
  const workspace = await aWorkspace(db, { plan: 'studio' });
  const size = (width: number) => aRealGeneration(db, workspace, small.modelId, { request: { width } });
  const first = await size(256);
  await small.engine.untilCalled(1);
  const [same, smaller] = [await size(256), await size(64)];
  await db.worker.pool.query('select public.drain_worker($1)', [small.workerId]);
  small.engine.release();
  // Nobody has more memory, so it fails, free.
  expect(await untilStatus(db, first)).toMatchObject({
    status: 'failed',
    error_code: 'engine_out_of_memory',
    charged: 0,
  });
  const { rows } = await db.owner.pool.query(
    'select generation_id as id, memory_min_bytes as bytes from public.ready where model_id = $1',
    [small.modelId],
  );
  expect(new Map(rows.map(({ id, bytes }) => [id, Number(bytes)]))).toEqual(
    new Map([
      [same, 8 * gib + 1],
      [smaller, 0],
    ]),
  );
  await small.stop();
});

test('a size that fits after all is given to the device again', async ({ db }) => {
  let fits = false;
  const worker = await aRunningWorker(db, { faults: fitsWhen(() => fits), memoryBytes: 8 * gib });
  const workspace = await aWorkspace(db);
  expect((await untilStatus(db, await aRealGeneration(db, workspace, worker.modelId))).status).toBe('failed');
  // As after an update of the driver: the lesson's week is over, and the next job fits.
  await db.owner.pool.query(
    "update public.memory_lesson set learned_at = now() - interval '8 days' where model_id = $1",
    [worker.modelId],
  );
  fits = true;
  expect((await untilStatus(db, await aRealGeneration(db, workspace, worker.modelId))).status).toBe('succeeded');
  const { rows } = await db.owner.pool.query('select from public.memory_lesson where model_id = $1', [worker.modelId]);
  expect(rows).toEqual([]);
  await worker.stop();
});

test('a request that every living device was too small for is refused where it stands; the same with fewer pixels is taken', async ({
  db,
  api,
}) => {
  const worker = await aRunningWorker(db, { faults: neverFits, memoryBytes: 8 * gib });
  const as = await aKeyCaller(db, { plan: 'studio' });
  const submit = (width: number, more: object = {}) =>
    api.call({
      method: 'POST',
      url: '/api/v1/generate',
      as,
      payload: { model: worker.modelId, prompt: 'x', width, height: 256, ...more },
    });
  await untilStatus(db, (await submit(512)).json().job_id);
  const refused = await submit(1_024);
  expect([refused.statusCode, refused.json().code, refused.json().errors]).toMatchObject([
    422,
    'invalid_request',
    [{ pointer: '/width', detail: expect.stringContaining('memory') }],
  ]);
  const taken = await submit(256);
  expect(taken.statusCode).toBe(202);
  await worker.stop();
  expect(
    await claimGeneration(db.worker, {
      worker_id: worker.workerId,
      models: [worker.modelId],
      loaded_model: null,
      lease_s: 15,
    }),
  ).toBeUndefined();
});
