import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { test } from 'vitest';
import { createFakeEngine } from '#adapters/engine/fake.ts';
import { createPictures } from '#adapters/pictures/sharp.ts';
import { createFileStorage } from '#adapters/storage/file.ts';
import { type Storage, thumbnailKey, thumbnailSizes } from '#adapters/storage/index.ts';
import { randomFrom } from '#adapters/pictures/test-pictures.ts';
import { ownerRole } from '#platform/db/embedded.ts';
import { createPostgresHints } from '#platform/hints/postgres.ts';
import { every } from '#platform/jobs/every.ts';
import { createLog } from '#platform/log.ts';
import { cloneDatabase, type TestDatabase } from '#test/database.ts';
import { aWorker, aWorkspace, type TestWorkspace } from '#test/factories.ts';
import { brokenQueueRules, loseLease } from '#test/queue-invariants.ts';
import { sweepObjects } from '#test/sweep-objects.ts';
import { aRealGeneration, aRunningWorker, type TestWorker, untilStatus } from '#test/worker.ts';
import { aWorkerProcess, fakeModelId, type WorkerProcess } from '#test/worker-process.ts';
import { sweepQueue } from './generations.queries.ts';
import { createJobClock } from './job-clock.ts';
import { createJobHints } from './job-hints.ts';
import { runGeneration } from './run-generation.ts';
import { sweepJobs } from './sweep-jobs.ts';
import { createWorkerQueue } from './worker-queue.ts';

// Each test has a database and a folder of objects of its own: its processes claim whatever they find. The tests run at the same time, so that the
// leases of 15 seconds (the default, which is what is proved here) run out only once. Starting 21 processes takes a small machine most of the time.

const log = createLog({ level: 'silent', process: 'test' });
const leaseMs = 15_000;
/** A lease, a sweep each second, and a worker that hears of it: promised. */
const pickUpMsMax = leaseMs + 2_000;

type Scene = { db: TestDatabase; objects: string; storage: Storage; workspaces: TestWorkspace[]; jobs: string[] };

async function aScene(onTestFinished: (cleanUp: () => Promise<void>) => void): Promise<Scene> {
  const db = await cloneDatabase();
  const objects = mkdtempSync(path.join(os.tmpdir(), 'pingvas-kill-'));
  onTestFinished(async () => {
    await db.close();
    rmSync(objects, { recursive: true, force: true });
  });
  return { db, objects, storage: createFileStorage({ root: objects }), workspaces: [], jobs: [] };
}

/** Submits one job in a workspace of its own; three seconds of work at 60 ms a step. */
async function aLongJob(scene: Scene): Promise<TestWorkspace> {
  const workspace = await aWorkspace(scene.db);
  scene.jobs.push(await aRealGeneration(scene.db, workspace, fakeModelId, { request: { steps: 50 } }));
  scene.workspaces.push(workspace);
  return workspace;
}

/** What the chores' process does each second. */
function sweepEachSecond({ db }: Scene): { stop: () => Promise<void> } {
  const bus = createPostgresHints({ db: db.app, connectionString: db.url('pingvas_app'), log });
  const hints = createJobHints(bus, log);
  const loop = every(1_000, log, 'sweep', () => sweepJobs({ db: db.app, hints }));
  return {
    stop: async () => {
      await loop.stop();
      await hints.flush();
    },
  };
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((resolve) => setTimeout(resolve, 20));
}

type Running = { generation_id: string; name: string; progress: number; last_life: Date };

const runningJobs = async ({ db }: Scene): Promise<Running[]> =>
  (
    await db.owner.pool.query<Running>(
      `select r.generation_id, w.name, r.progress, r.lease_until - $1 * interval '1 millisecond' as last_life
       from public.running r join public.worker w using (worker_id)`,
      [leaseMs],
    )
  ).rows;

const captures = async ({ db, jobs }: Scene): Promise<number[]> =>
  (
    await db.owner.pool.query<{ captures: number }>(
      `select (select count(*)::int from public.ledger_transaction t where t.generation_id = j.id and t.kind = 'capture') as captures
       from unnest($1::uuid[]) j(id)`,
      [jobs],
    )
  ).rows.map((row) => row.captures);

/** A worker that renders at once. */
const anHeir = ({ db, storage }: Scene): Promise<TestWorker> => aRunningWorker(db, { modelId: fakeModelId, storage });

const databaseNow = async ({ db }: Scene): Promise<Date> =>
  (await db.owner.pool.query<{ now: Date }>('select clock_timestamp() as now')).rows[0]!.now;

/** Every object of `gen/`, and what the rows say must be there. */
async function objectsAndRows({ db, storage }: Scene): Promise<{ stored: string[]; recorded: string[] }> {
  const stored: string[] = [];
  for await (const { key } of storage.list('ws/')) if (key.includes('/gen/')) stored.push(key);
  const { rows } = await db.owner.pool.query<{ storage_key: string }>('select storage_key from public.image');
  const recorded = rows.flatMap(({ storage_key: key }) => [
    key,
    ...thumbnailSizes.map((size) => thumbnailKey(key, size)),
  ]);
  return { stored: stored.sort(), recorded: recorded.sort() };
}

/** How a victim ends: at this progress, or while its settlement waits in the database, whose connection then lives on or is cut too. */
type Death = number | 'settling' | 'settling, connection cut';

test.concurrent(
  '20 workers killed anywhere in their job: each job is delivered and charged once, picked up within a lease and two seconds',
  { timeout: 240_000 },
  async ({ expect, onTestFinished }) => {
    const scene = await aScene(onTestFinished);
    const { db, objects } = scene;
    const random = randomFrom(20);
    const deaths: Death[] = [
      ...Array.from({ length: 16 }, (_, part) => ((part + random() / 2 ** 32) / 16) * 0.95),
      ...(['settling', 'settling', 'settling, connection cut', 'settling, connection cut'] as const),
    ];
    const victims = await Promise.all(
      deaths.map(async (death, index) => ({
        death,
        ...(await aWorkerProcess(db, { name: `victim ${index}`, objects, stepMs: 60 })),
      })),
    );
    onTestFinished(() => Promise.all(victims.map((victim) => victim.kill())).then(() => undefined));

    // While this transaction has the accounts, no settlement can commit: none escapes its death, however slow this machine is.
    const gate = new pg.Client({ connectionString: db.url(ownerRole) });
    await gate.connect();
    await gate.query('begin');
    for (const _ of victims) {
      const { workspaceId } = await aLongJob(scene);
      await gate.query('select from public.credit_account where workspace_id = $1 for update', [workspaceId]);
    }
    const lastLife = await killEach(scene, victims);
    await gate.query('commit');
    await gate.end();

    const sweep = sweepEachSecond(scene);
    const heirs = await Promise.all([1, 2].map(() => anHeir(scene)));
    const readyAt = await databaseNow(scene);
    const ended = await Promise.all(scene.jobs.map((job) => untilStatus(db, job)));
    await Promise.all([sweep.stop(), ...heirs.map((heir) => heir.stop())]);

    const { rows: firsts } = await db.owner.pool.query<{ generation_id: string; worker_name: string }>(
      'select generation_id, worker_name from public.generation_attempt where number = 1',
    );
    const jobOf = new Map(firsts.map(({ generation_id, worker_name }) => [worker_name, generation_id]));
    expect(jobOf.size).toBe(20);
    for (const { name, death } of victims) {
      const { status, attempts } = ended[scene.jobs.indexOf(jobOf.get(name)!)]!;
      const outcomes = attempts.map(({ outcome }) => outcome).join(' ');
      expect(status).toBe('succeeded');
      // A settlement that has reached the database commits without its worker; all else is lost and done again.
      if (death === 'settling') expect(outcomes).toBe('succeeded');
      else if (death === 'settling, connection cut') expect(outcomes).toBe('lease_lost succeeded');
      else expect(['lease_lost succeeded', 'succeeded']).toContain(outcomes);
    }
    expect(await captures(scene)).toEqual(scene.jobs.map(() => 1));
    expect(
      await brokenQueueRules(
        db,
        scene.workspaces.map(({ workspaceId }) => workspaceId),
      ),
    ).toEqual([]);

    const { rows } = await db.owner.pool.query<{ generation_id: string; started_at: Date }>(
      'select generation_id, started_at from public.generation_attempt where number = 2',
    );
    for (const { generation_id, started_at } of rows) {
      // Killing them all may take this machine longer than a lease; then the wait began when somebody was there to pick up.
      const lastLifeMs = Math.max(lastLife.get(generation_id)!.getTime(), readyAt.getTime() - leaseMs);
      expect(started_at.getTime() - lastLifeMs).toBeLessThanOrEqual(pickUpMsMax);
    }

    expect((await objectsAndRows(scene)).stored.length).toBeGreaterThan(20 * 3);
    await sweepObjects(db, scene.storage);
    const { stored, recorded } = await objectsAndRows(scene);
    expect(stored).toEqual(recorded);
  },
);

test.concurrent(
  'a worker that slept through its lease records nothing when it wakes: the job is charged once',
  { timeout: 240_000 },
  async ({ expect, onTestFinished }) => {
    const scene = await aScene(onTestFinished);
    const { db, objects } = scene;
    const zombie = await aWorkerProcess(db, { name: 'zombie', objects, stepMs: 60 });
    onTestFinished(zombie.kill);
    const { workspaceId } = await aLongJob(scene);
    await until(async () => (await runningJobs(scene)).some(({ progress }) => progress > 0.3));
    zombie.child.kill('SIGSTOP');
    const sweep = sweepEachSecond(scene);
    const heir = await anHeir(scene);
    const job = await untilStatus(db, scene.jobs[0]!);
    zombie.child.kill('SIGCONT');
    await until(async () => (await zombie.attemptsEnded('lost')) === 1);
    await Promise.all([sweep.stop(), heir.stop()]);

    expect(await untilStatus(db, scene.jobs[0]!)).toEqual(job);
    expect(job.attempts.map(({ outcome }) => outcome)).toEqual(['lease_lost', 'succeeded']);
    expect(await captures(scene)).toEqual([1]);
    expect(await brokenQueueRules(db, [workspaceId])).toEqual([]);
  },
);

test.concurrent(
  'a worker that settles a job another one has delivered is refused, and its pictures are swept away',
  { timeout: 240_000 },
  async ({ expect, onTestFinished }) => {
    const scene = await aScene(onTestFinished);
    const { db, storage } = scene;
    const engine = createFakeEngine();
    const capabilities = await engine.capabilities();
    const first = await anHeir(scene);
    await first.stop();
    const { workspaceId } = await aLongJob(scene);
    const bus = createPostgresHints({ db: db.worker, connectionString: db.url('pingvas_worker'), log });
    const queue = createWorkerQueue(db.worker, createJobHints(bus, log), {
      workerId: await aWorker(db, [fakeModelId]),
      models: () => [fakeModelId],
      leaseMs,
    });
    const claim = (await queue.claim(null))!;
    await loseLease(db, claim.generation_id);
    await sweepQueue(db.app);
    const heir = await anHeir(scene);
    const job = await untilStatus(db, claim.generation_id);
    await heir.stop();

    // Its heartbeats hang, so that nothing but the settlement can tell it.
    const settled = Promise.withResolvers<{ held: boolean; cancel: boolean }>();
    const slow: typeof queue = {
      ...queue,
      heartbeat: () => settled.promise,
      settle: (...args) => queue.settle(...args).finally(() => settled.resolve({ held: false, cancel: false })),
    };
    const deps = {
      queue: slow,
      engine,
      capabilities,
      storage,
      pictures: createPictures(),
      log,
      timing: { leaseMs, beatMs: 50, progressMs: 10 },
      onCancelHint: () => () => undefined,
      clock: createJobClock({ loadMs: 0, renderMs: 0 }, 0),
    };
    expect(await runGeneration(deps, claim, new AbortController().signal)).toMatchObject({ outcome: 'lost' });

    expect(await untilStatus(db, claim.generation_id)).toEqual(job);
    expect(await captures(scene)).toEqual([1]);
    expect(await brokenQueueRules(db, [workspaceId])).toEqual([]);
    expect((await objectsAndRows(scene)).stored).toHaveLength(2 * 3);
    await sweepObjects(db, scene.storage);
    const { stored, recorded } = await objectsAndRows(scene);
    expect(stored).toEqual(recorded);
  },
);

/** Kills every victim at its moment. Returns when each job was last heard of, by the database's clock. */
async function killEach(scene: Scene, victims: (WorkerProcess & { death: Death })[]): Promise<Map<string, Date>> {
  const waiting = new Map(victims.map((victim) => [victim.name, victim]));
  while (waiting.size > 0) {
    for (const { name, progress } of await runningJobs(scene)) {
      const victim = waiting.get(name);
      if (!victim) continue;
      if (typeof victim.death === 'number') {
        if (progress < victim.death) continue;
        await victim.kill();
      } else {
        const { rows } = await scene.db.owner.pool.query<{ pid: number }>(
          `select pid from pg_stat_activity where datname = current_database() and application_name = $1
             and wait_event_type = 'Lock' and query like '%settle_generation%'`,
          [`pingvas ${name}`],
        );
        if (!rows[0]) continue;
        await victim.kill();
        if (victim.death === 'settling, connection cut')
          await scene.db.owner.pool.query('select pg_terminate_backend($1, 5000)', [rows[0].pid]);
      }
      waiting.delete(name);
    }
  }
  return new Map((await runningJobs(scene)).map((job) => [job.generation_id, job.last_life]));
}
