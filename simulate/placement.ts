import { effectiveLevel, paidLevelMin } from '../domain/src/index.ts';
import { planFront, type QueueFront } from '../server/src/features/generations/plan-front.ts';
import { frontMax } from '../server/src/features/generations/queue-front.ts';
import { type Moment, publishedFleet, runFleet, type Waiting } from './fleet.ts';
import { policies } from './policies.ts';
import { type Arrival, makeTrace, publishedLoad } from './trace.ts';

/** Pictures take times whose logarithm has this standard deviation; the ceiling is their 99th percentile. */
const imageSpread = 0.3;
const expectedMs = publishedLoad.imageMs;
const ceilingMs = Math.round(expectedMs * Math.exp(2.326 * imageSpread));
const [recentMs, recentMax] = [600_000, 300];

export type Told = { level: number; earliestMs: number; latestMs: number; startMs: number };

/**
 * Asks for the start interval of every waiting job once every `everyMs` of a trace, after ten minutes of warming up, and says when each really started. The
 * planner knows what `queue_front` tells the server, nothing of what comes.
 */
export async function tellStarts(perHour: number, hours: number, seed: number, everyMs: number): Promise<Told[]> {
  const trace = makeTrace({ ...publishedLoad, perHour, hours, imageSpread }, seed);
  const fronts: { nowMs: number; front: QueueFront; jobs: Waiting[] }[] = [];
  let nextMs = recentMs;
  const { starts } = runFleet(trace, publishedFleet, (moment) => {
    if (moment.nowMs >= nextMs) {
      nextMs = moment.nowMs + everyMs;
      fronts.push({ nowMs: moment.nowMs, front: frontOf(moment, trace), jobs: [...moment.queue] });
    }
    return policies.score(moment);
  });
  const startOf = new Map(starts.map(({ job, startMs }) => [job.id, startMs]));
  const told: Told[] = [];
  for (const { nowMs, front, jobs } of fronts) {
    const plan = await planFront(front);
    for (const { id, level } of jobs) {
      const [interval, startMs] = [plan.get(String(id)), startOf.get(id)];
      if (interval && startMs !== undefined) told.push({ level, ...interval, startMs: startMs - nowMs });
    }
  }
  return told;
}

/** The share of starts inside their interval. */
export const insideShare = (told: readonly Told[]): number =>
  told.filter(({ startMs, earliestMs, latestMs }) => startMs >= earliestMs && startMs <= latestMs).length / told.length;

const isPaid = ({ level }: Told): boolean => level >= paidLevelMin;

function frontOf({ nowMs, queue, gpus, recentGpuMs }: Moment, trace: readonly Arrival[]): QueueFront {
  const owners = new Map<string, number>();
  const ownerOf = (workspace: string): number => {
    const owner = owners.get(workspace) ?? owners.size;
    owners.set(workspace, owner);
    return owner;
  };
  const times = { run_ms: expectedMs, most_ms: ceilingMs };
  const jobs = queue
    .map((job) => ({ ...job, waited_ms: nowMs - job.atMs }))
    .sort(
      (a, b) =>
        effectiveLevel(b.level, b.waited_ms) - effectiveLevel(a.level, a.waited_ms) || b.waited_ms - a.waited_ms,
    )
    .slice(0, frontMax)
    .map(({ id, model, workspace, ...job }) => ({
      ...job,
      ...times,
      id: String(id),
      model: String(model),
      owner: ownerOf(workspace),
    }));
  const gpu_ms = Array.from(owners.keys(), recentGpuMs);
  const past = trace.filter(({ atMs }) => atMs <= nowMs && atMs > nowMs - recentMs).slice(-recentMax);
  const models = Array.from({ length: publishedLoad.modelCount }, (_, model) => String(model));
  return {
    jobs,
    gpu_ms,
    load_ms: Object.fromEntries(models.map((model) => [model, publishedFleet.coldMs])),
    workers: gpus.map(({ loaded, running, freeAtMs }) => {
      const spentMs = running ? nowMs - (freeAtMs - running.runMs) : Infinity;
      const left = (ms: number): number => Math.max(0, ms - spentMs);
      return { models, loaded: String(loaded), run_ms: left(expectedMs), most_ms: left(ceilingMs) };
    }),
    recent: past.map(({ level, model, workspace }) => ({
      ...times,
      level,
      model: String(model),
      owner: ownerOf(workspace),
    })),
    recent_ms: past.length < recentMax ? recentMs : nowMs - (past[0]?.atMs ?? 0),
  };
}

/** `npm run simulate -- placement`: how many starts fall into the interval that was told. */
export async function simulatePlacement(): Promise<void> {
  const rows: Record<string, object> = {};
  for (const perHour of [2_000, 2_800, 3_240, 3_600]) {
    const told = (await Promise.all([1, 2, 3].map((seed) => tellStarts(perHour, 2, seed, 60_000)))).flat();
    const share = (of: Told[]): string => `${Math.round(insideShare(of) * 100)} %`;
    rows[perHour] = {
      told: told.length,
      'paid inside': share(told.filter(isPaid)),
      'free inside': share(told.filter((each) => !isPaid(each))),
    };
  }
  console.log('Starts inside the interval that was told; jobs an hour on 8 GPUs, 30 models, 2 h, seeds 1, 2, 3');
  console.table(rows);
}
