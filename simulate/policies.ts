import { effectiveLevel, loadedElsewhereFactor, pickHead } from '../domain/src/index.ts';
import type { Moment, Policy, Waiting } from './fleet.ts';

/** First come, first served. */
const firstCome: Policy = ({ queue }) => queue.reduce((oldest) => oldest);

/** The highest plan first, then age: what most queues with priorities do. */
const strictPriority: Policy = ({ queue }) => queue.reduce((best, job) => (job.level > best.level ? job : best));

/** Stays with the loaded model as long as anybody wants it, else the oldest: no swap is wasted, and the rest may wait for ever. */
const greedyAffinity: Policy = (moment) =>
  moment.queue.find((job) => job.model === moment.gpu.loaded) ?? firstCome(moment);

/** Of each level this many of the oldest are looked at, and this many heads of lanes taken; as in `pick_generations`. */
const lookedAt = 200;
const headsMax = 20;

/** Heads of lanes (workspace, model, level): per level of its oldest, and of the loaded model. */
function headsOf(queue: readonly Waiting[], loaded: number): Waiting[] {
  const lanes = new Set<string>();
  const inLevel = new Map<number, { seen: number; heads: number; ofLoaded: number }>();
  return queue.filter((job) => {
    const lane = `${job.workspace} ${job.model} ${job.level}`;
    const isHead = !lanes.has(lane);
    lanes.add(lane);
    const counts = inLevel.get(job.level) ?? { seen: 0, heads: 0, ofLoaded: 0 };
    inLevel.set(job.level, counts);
    counts.seen += 1;
    if (!isHead) return false;
    const isOld = counts.seen <= lookedAt && counts.heads < headsMax;
    const isLoaded = job.model === loaded && counts.ofLoaded < headsMax;
    if (isOld) counts.heads += 1;
    if (isLoaded) counts.ofLoaded += 1;
    return isOld || isLoaded;
  });
}

/** The product's rule, with the arithmetic it claims by: the head with the best score; whom a strict order would have taken is passed over once more. */
const score: Policy = (moment: Moment) => {
  const { nowMs, gpu, gpus, queue, coldMs, recentGpuMs } = moment;
  const heads = headsOf(queue, gpu.loaded);
  const queued = new Map<number, number>();
  for (const { model } of queue) queued.set(model, (queued.get(model) ?? 0) + 1);
  const elsewhere = new Set(gpus.filter((other) => other !== gpu).map(({ loaded }) => loaded));
  const picked = pickHead(
    heads.map((job) => ({
      model: job.model,
      level: job.level,
      waitedMs: nowMs - job.atMs,
      // The queue knows which model is in use, not what else a GPU's host keeps in RAM.
      swapMs: job.model === gpu.loaded ? 0 : coldMs * (elsewhere.has(job.model) ? loadedElsewhereFactor : 1),
      queuedOfModel: queued.get(job.model) ?? 1,
      recentGpuMs: recentGpuMs(job.workspace),
      bypassed: job.bypassed,
    })),
  );
  const best = heads[picked];
  if (!best) throw new Error('a queue that is not empty has a head');
  const level = (job: Waiting): number => effectiveLevel(job.level, nowMs - job.atMs);
  const front = heads.reduce((first, job) => (level(job) > level(first) ? job : first));
  if (front !== best) front.bypassed += 1;
  return best;
};

/** By the name the table shows. */
export const policies = {
  'first come': firstCome,
  'strict priority': strictPriority,
  'greedy affinity': greedyAffinity,
  score,
} satisfies Record<string, Policy>;
export type PolicyName = keyof typeof policies;
