import type pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import type { Plan } from '../domain/src/index.ts';
import type { Claim } from '../server/src/features/generations/generations.queries.ts';
import { cloneDatabase, type TestDatabase } from '../server/test/database.ts';
import { aModel, aSettle, aSubmit, aWorker, aWorkspace, type TestWorkspace } from '../server/test/factories.ts';
import { type Fleet, publishedFleet, runFleet } from './fleet.ts';
import { policies } from './policies.ts';
import { type Arrival, makeTrace, publishedLoad } from './trace.ts';

type Decision = { atMs: number; gpu: number; job: number };
type Gpu = { workerId: string; loaded: number; freeAtMs: number; claim: Claim | undefined };

const planOf: Record<number, Plan> = { 2: 'free', 4: 'starter', 6: 'pro', 8: 'studio' };
const idOf = (job: number): string => `00000000-0000-7000-8000-${job.toString(16).padStart(12, '0')}`;

/**
 * Plays a trace through the functions of the queue. An instant is one transaction, in which the database's clock stands still; before it all instants
 * that the queue remembers are moved, so that between two transactions exactly the trace's time has passed. What happens in one instant comes in the
 * simulation's order: ends, arrivals, then claims by GPU.
 */
async function runQueue(db: TestDatabase, trace: readonly Arrival[], fleet: Fleet): Promise<Decision[]> {
  const modelNumbers = [...new Set(trace.map(({ model }) => model))];
  const models = new Map<number, string>();
  for (const number of modelNumbers) models.set(number, await aModel(db, { loadMs: fleet.coldMs }));
  const ids = [...models.values()];
  const workspaces = new Map<string, TestWorkspace>();
  for (const { workspace, level } of trace)
    if (!workspaces.has(workspace))
      workspaces.set(workspace, await aWorkspace(db, { plan: planOf[level] ?? 'free', credits: 1_000_000_000 }));
  const gpus: Gpu[] = [];
  for (let n = 0; n < fleet.gpuCount; n += 1)
    gpus.push({ workerId: await aWorker(db, ids), loaded: -1, freeAtMs: 0, claim: undefined });

  const client: pg.PoolClient = await db.owner.pool.connect();
  const call = async <Answer>(name: string, input: unknown): Promise<Answer> =>
    (await client.query(`select public.${name}($1::jsonb)->0 as answer`, [JSON.stringify([input])])).rows[0].answer;
  const decisions: Decision[] = [];
  try {
    let [nowMs, passedMs, arrived, lastNow] = [trace[0]?.atMs ?? 0, 0, 0, 'now'];
    const endMs = trace.at(-1)?.atMs ?? 0;
    while (nowMs <= endMs) {
      await client.query('begin');
      const moved = [lastNow, passedMs / 1_000];
      const move = "now() - $1::timestamptz - $2 * interval '1 second'";
      await client.query(`update public.ready set enqueued_at = enqueued_at + (${move})`, moved);
      await client.query(
        `update public.credit_account set recent_gpu_at = recent_gpu_at + (${move}) where recent_gpu_ms > 0`,
        moved,
      );
      lastNow = (
        await client.query<{ now: string }>('update public.worker set seen_at = now() returning now()::text as now')
      ).rows[0]!.now;
      for (const gpu of gpus.filter(({ claim, freeAtMs }) => claim && freeAtMs <= nowMs)) {
        const runMs = trace[Number.parseInt(gpu.claim!.generation_id.slice(24), 16)]!.runMs;
        const timings = { load_us: 0, encode_us: 0, denoise_us: runMs * 1_000, decode_us: 0, upload_us: 0 };
        const answer = await call('settle_generations', aSettle(gpu.claim!, gpu.workerId, { timings }));
        expect(answer).toMatchObject({ outcome: 'settled' });
        gpu.claim = undefined;
      }
      for (; trace[arrived] && trace[arrived]!.atMs <= nowMs; arrived += 1) {
        const { id, workspace, model } = trace[arrived]!;
        const limits = { running_max: fleet.activeMax ?? 100_000, waiting_max: 100_000 };
        const place = workspaces.get(workspace)!;
        const submit = aSubmit(place, models.get(model)!, { generation_id: idOf(id), ...limits });
        expect(await call('submit_generations', submit)).toMatchObject({ outcome: 'accepted' });
      }
      for (const [at, gpu] of gpus.entries()) {
        if (gpu.claim) continue;
        const loaded = models.get(gpu.loaded) ?? null;
        const claim = { worker_id: gpu.workerId, models: ids, loaded_model: loaded, lease_s: 86_400 };
        gpu.claim = (await call<Claim | null>('claim_generations', claim)) ?? undefined;
        if (!gpu.claim) continue;
        const job = trace[Number.parseInt(gpu.claim.generation_id.slice(24), 16)]!;
        decisions.push({ atMs: nowMs, gpu: at, job: job.id });
        gpu.freeAtMs = nowMs + (job.model === gpu.loaded ? 0 : fleet.coldMs) + job.runMs;
        gpu.loaded = job.model;
      }
      const nextMs = Math.min(
        trace[arrived]?.atMs ?? Infinity,
        ...gpus.filter(({ claim }) => claim).map(({ freeAtMs }) => freeAtMs),
      );
      await client.query('commit');
      passedMs = nextMs - nowMs;
      nowMs = nextMs;
    }
  } finally {
    client.release();
  }
  return decisions;
}

test.for([
  { seed: 1, perHour: 2_200 },
  { seed: 2, perHour: 1_500, activeMax: 3 },
])(
  'the queue in PostgreSQL takes every job of trace $seed at the same instant for the same GPU as the simulation does',
  async ({ seed, perHour, ...limit }) => {
    const db = await cloneDatabase();
    onTestFinished(db.close);
    const load = { ...publishedLoad, perHour, hours: 0.06, modelCount: 5, imageSpread: 0.4 };
    const trace = makeTrace(load, seed).map((job) => ({ ...job, runMs: Math.max(100, job.runMs) }));
    // Every load comes from disk: which models are still in RAM only a GPU knows.
    const fleet = { ...publishedFleet, gpuCount: 3, modelsInRam: 0, ...limit };
    const expected = runFleet(trace, fleet, policies.score).starts.map(({ job, startMs, gpu }): Decision => {
      return { atMs: startMs, gpu, job: job.id };
    });
    expect(expected.length).toBeGreaterThan(50);
    expect(await runQueue(db, trace, fleet)).toEqual(expected);
  },
);
