import { claimScore, deadlinePaidMs, effectiveLevel } from '@pingvas/domain';
import fc from 'fast-check';
import { expect } from 'vitest';
import { claimGeneration, workerSeen } from './generations.queries.ts';
import { test, type TestDatabase } from '#test/database.ts';
import { aClaim, aGeneration, aModel, aWorker, aWorkspace } from '#test/factories.ts';
import { letWait, queueFacts } from '#test/queue-invariants.ts';

const bypassedOf = async (db: TestDatabase, jobs: string[]): Promise<number[]> => {
  const { rows } = await db.owner.pool.query<{ generation_id: string; bypassed: number }>(
    'select generation_id, bypassed from public.ready where generation_id = any($1)',
    [jobs],
  );
  return jobs.map((job) => rows.find((row) => row.generation_id === job)?.bypassed ?? -1);
};

test('SQL and the domain compute the same score', async ({ db }) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          level: fc.integer({ min: 1, max: 10 }),
          waitedMs: fc.oneof(fc.integer({ min: -1_000, max: 600_000 }), fc.integer({ min: 0, max: 86_400_000 })),
          swapMs: fc.integer({ min: 0, max: 600_000 }),
          queuedOfModel: fc.integer({ min: 0, max: 100 }),
          recentGpuMs: fc.oneof(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 1_000_000_000_000 })),
          bypassed: fc.integer({ min: 0, max: 40 }),
        }),
        { minLength: 50, maxLength: 50 },
      ),
      async (inputs) => {
        const { rows } = await db.owner.pool.query<{ score: number; level: number }>(
          `select public.claim_score(level, waited, swap, queued, gpu, bypassed) as score, public.effective_level(level, waited) as level
           from rows from (unnest($1::int[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::int[]), unnest($5::bigint[]), unnest($6::int[]))
             x(level, waited, swap, queued, gpu, bypassed)`,
          [
            inputs.map((i) => i.level),
            inputs.map((i) => i.waitedMs),
            inputs.map((i) => i.swapMs),
            inputs.map((i) => i.queuedOfModel),
            inputs.map((i) => i.recentGpuMs),
            inputs.map((i) => i.bypassed),
          ],
        );
        expect(rows).toEqual(
          inputs.map((input) => ({ score: claimScore(input), level: effectiveLevel(input.level, input.waitedMs) })),
        );
      },
    ),
    { numRuns: 100, seed: 20_261_123 },
  );
});

test('the higher level goes first, and within a lane the older job', async ({ db }) => {
  const model = await aModel(db);
  const [free, studio] = [await aWorkspace(db, { plan: 'free' }), await aWorkspace(db, { plan: 'studio' })];
  const jobs = [
    await aGeneration(db, free, model),
    await aGeneration(db, studio, model),
    await aGeneration(db, studio, model),
  ];
  const worker = await aWorker(db, [model]);
  const claimed = [
    await aClaim(db, worker, [model]),
    await aClaim(db, worker, [model]),
    await aClaim(db, worker, [model]),
  ];
  expect(claimed.map((claim) => claim.generation_id)).toEqual([jobs[1], jobs[2], jobs[0]]);
});

test('a free job that waited four minutes goes before a fresh one of the highest level', async ({ db }) => {
  const model = await aModel(db);
  const worker = await aWorker(db, [model]);
  const old = await aGeneration(db, await aWorkspace(db, { plan: 'free' }), model);
  await aGeneration(db, await aWorkspace(db, { plan: 'enterprise' }), model);
  await letWait(db, old, 240_000);
  expect((await aClaim(db, worker, [model])).generation_id).toBe(old);
});

test('a job of the loaded model goes before a higher level that needs another model, until that one is due', async ({
  db,
}) => {
  const [warm, cold] = [await aModel(db), await aModel(db)];
  const models = [warm, cold];
  const worker = await aWorker(db, models);
  const [free, studio] = [await aWorkspace(db, { plan: 'free' }), await aWorkspace(db, { plan: 'studio' })];
  const warmJob = await aGeneration(db, free, warm);
  const coldJob = await aGeneration(db, studio, cold);
  expect((await aClaim(db, worker, models, warm)).generation_id).toBe(warmJob);
  expect(await bypassedOf(db, [coldJob])).toEqual([1]);

  const another = await aGeneration(db, await aWorkspace(db, { plan: 'free' }), warm);
  await letWait(db, coldJob, deadlinePaidMs);
  expect((await aClaim(db, worker, models, warm)).generation_id).toBe(coldJob);
  expect(await bypassedOf(db, [another])).toEqual([0]);
});

test('a model that another worker has in memory is left to that worker when there is other work', async ({ db }) => {
  const [held, fresh] = [await aModel(db, { loadMs: 3_000 }), await aModel(db, { loadMs: 4_000 })];
  const models = [held, fresh];
  const [worker, neighbour] = [await aWorker(db, models), await aWorker(db, models)];
  const workspace = await aWorkspace(db);
  const heldJob = await aGeneration(db, workspace, held);
  const freshJob = await aGeneration(db, workspace, fresh);
  await workerSeen(db.worker, neighbour, held);
  expect((await aClaim(db, worker, models)).generation_id).toBe(freshJob);
  expect((await aClaim(db, neighbour, models, held)).generation_id).toBe(heldJob);
});

test('many jobs of a model are worth loading it', async ({ db }) => {
  const [warm, cold] = [await aModel(db), await aModel(db, { loadMs: 2_000 })];
  const models = [warm, cold];
  const worker = await aWorker(db, models);
  const studio = await aWorkspace(db, { plan: 'studio' });
  await aGeneration(db, await aWorkspace(db, { plan: 'pro' }), warm);
  const first = await aGeneration(db, studio, cold);
  for (let i = 0; i < 3; i += 1) await aGeneration(db, studio, cold);
  expect((await aClaim(db, worker, models, warm)).generation_id).toBe(first);
});

test('a job passed over twenty times goes first', async ({ db }) => {
  const [warm, cold] = [await aModel(db), await aModel(db, { loadMs: 600_000 })];
  const models = [warm, cold];
  const worker = await aWorker(db, models);
  const passed = await aGeneration(db, await aWorkspace(db, { plan: 'studio' }), cold);
  const crowd = await aWorkspace(db, { plan: 'free' });
  for (let i = 0; i < 21; i += 1)
    await aGeneration(db, crowd, warm, { running_max: 100, waiting_max: 100, ceiling: 1_000 });
  for (let i = 0; i < 20; i += 1) expect((await aClaim(db, worker, models, warm)).model_id).toBe(warm);
  expect(await bypassedOf(db, [passed])).toEqual([20]);
  expect((await aClaim(db, worker, models, warm)).generation_id).toBe(passed);
});

test('a workspace that already runs many jobs lets another of its level go first', async ({ db }) => {
  const model = await aModel(db);
  const worker = await aWorker(db, [model]);
  const [crowd, other] = [await aWorkspace(db), await aWorkspace(db)];
  for (let i = 0; i < 4; i += 1) await aGeneration(db, crowd, model);
  const late = [await aGeneration(db, other, model), await aGeneration(db, other, model)];
  const order = [];
  for (let i = 0; i < 5; i += 1)
    order.push((await aClaim(db, worker, [model])).workspace_id === crowd.workspaceId ? 'crowd' : 'other');
  // Turn by turn: the late workspace never waits for more than one job of the other.
  expect(order).toEqual(['crowd', 'other', 'crowd', 'other', 'crowd']);
  expect((await queueFacts(db, late[1]!)).status).toBe('running');
});

test('however late the jobs of a crowd are, the first job of another of its level and model goes before all that do not run yet', async ({
  db,
}) => {
  const model = await aModel(db);
  const worker = await aWorker(db, [model]);
  const [crowd, other] = [await aWorkspace(db, { plan: 'studio' }), await aWorkspace(db, { plan: 'studio' })];
  const running = await aGeneration(db, crowd, model);
  expect((await aClaim(db, worker, [model], model)).generation_id).toBe(running);
  for (let i = 0; i < 7; i += 1) await letWait(db, await aGeneration(db, crowd, model), 2 * deadlinePaidMs);
  const fresh = await aGeneration(db, other, model);
  expect((await aClaim(db, worker, [model], model)).generation_id).toBe(fresh);
});

test('GPU time of late counts against a workspace, and is forgotten with time', async ({ db }) => {
  const model = await aModel(db);
  const worker = await aWorker(db, [model]);
  const [heavy, light] = [await aWorkspace(db), await aWorkspace(db)];
  const used = (ago: string) =>
    db.owner.pool.query(
      'update public.credit_account set recent_gpu_ms = 600000, recent_gpu_at = now() - $2::interval where workspace_id = $1',
      [heavy.workspaceId, ago],
    );
  const heavyJobs = [await aGeneration(db, heavy, model), await aGeneration(db, heavy, model)];
  const lightJob = await aGeneration(db, light, model);
  await used('0');
  expect((await aClaim(db, worker, [model])).generation_id).toBe(lightJob);
  const lightLater = await aGeneration(db, light, model);
  await used('30 days');
  expect((await aClaim(db, worker, [model])).generation_id).toBe(heavyJobs[0]);
  expect((await queueFacts(db, lightLater)).status).toBe('queued');
});

test('a worker takes only jobs of models it has, also behind hundreds of others', async ({ db }) => {
  const [mine, others] = [await aModel(db), await aModel(db)];
  const crowd = await aWorkspace(db, { plan: 'enterprise' });
  const many = { running_max: 600, waiting_max: 1_000 };
  await Promise.all(Array.from({ length: 520 }, () => aGeneration(db, crowd, others, many)));
  const job = await aGeneration(db, crowd, mine, many);
  const worker = await aWorker(db, [mine]);
  const claim = () =>
    claimGeneration(db.worker, { worker_id: worker, models: [mine], loaded_model: null, lease_s: 15 });
  expect((await claim())?.generation_id).toBe(job);
  expect(await claim()).toBeUndefined();
});

test('claims at once never take the same job, and take all of them', async ({ db }) => {
  const model = await aModel(db);
  const worker = await aWorker(db, [model]);
  const workspaces = await Promise.all(Array.from({ length: 10 }, () => aWorkspace(db)));
  const jobs = new Set(
    await Promise.all(
      workspaces.flatMap((workspace) => Array.from({ length: 4 }, () => aGeneration(db, workspace, model))),
    ),
  );
  const claimed: string[] = [];
  const claimAll = async (): Promise<void> => {
    while (claimed.length < jobs.size) {
      const claim = await claimGeneration(db.worker, {
        worker_id: worker,
        models: [model],
        loaded_model: model,
        lease_s: 15,
      });
      if (claim) claimed.push(claim.generation_id);
    }
  };
  await Promise.all(Array.from({ length: 10 }, claimAll));
  expect(claimed).toHaveLength(40);
  expect(new Set(claimed)).toEqual(jobs);
});
