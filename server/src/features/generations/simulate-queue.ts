import { bypassMax, effectiveLevel, loadedElsewhereFactor, pickHead } from '@pingvas/domain';

/** A waiting job as the claim sees it; times in milliseconds. `owner` is an index into `gpuMs`. One that has yet to arrive has waited less than nothing. */
export type WaitingJob = {
  id: string;
  level: number;
  waitedMs: number;
  model: string;
  owner: number;
  bypassed: number;
  runMs: number;
};
export type BusyWorker = { models: readonly string[]; loaded: string | null; freeInMs: number };
export type QueueState = {
  /** In any order. */
  jobs: readonly WaitingJob[];
  workers: readonly BusyWorker[];
  /** Recent GPU time by owner. */
  gpuMs: readonly number[];
  /** Loading time by model, as the claim weighs it. */
  loadMs: Readonly<Record<string, number>>;
  /** The share of that time which a load takes (default: all; a host may still have the model in its RAM). */
  loadShare?: () => number;
  /** Jobs that arrive later, in the order of their arrival; asked for as they are needed. */
  arrivals?: Iterator<WaitingJob>;
};

/** In how many milliseconds a job is taken, and how many model loads are planned up to and with it. */
export type PlannedStart = { startMs: number; loads: number };

/** After so many claims a play ends; who is left starts one after another at the pace so far. */
const claimsMax = 400;

/**
 * Plays the queue forward with the rules of the claim until all its jobs have started: the start of every one that some worker can run. Nothing is
 * cancelled meanwhile, and only what `arrivals` says arrives. The work grows with the claims times the lanes: some milliseconds for 200 jobs.
 */
export function simulateQueue(state: QueueState): Map<string, PlannedStart> {
  const starts = new Map<string, PlannedStart>();
  const queue = openQueue(state.jobs);
  const workers = state.workers.map((worker) => ({ ...worker }));
  const gpuMs = [...state.gpuMs];
  let loads = 0;
  let waiting = state.jobs.filter((job) => workers.some(({ models }) => models.includes(job.model))).length;
  let next = state.arrivals?.next();
  let claims = 0;
  let now = 0;
  while (waiting > 0 && claims < claimsMax) {
    const worker = workers.reduce((first, other) => (first.freeInMs <= other.freeInMs ? first : other));
    now = worker.freeInMs;
    for (; next && !next.done && -next.value.waitedMs <= now; next = state.arrivals?.next()) queue.add(next.value);
    const swapMs = (model: string): number => {
      if (worker.loaded === model) return 0;
      const elsewhere = workers.some((other) => other !== worker && other.loaded === model);
      return (state.loadMs[model] ?? 0) * (elsewhere ? loadedElsewhereFactor : 1);
    };
    const heads = queue.heads(worker.models);
    const picked =
      heads[
        pickHead(
          heads.map((job) => ({
            model: job.model,
            level: job.level,
            waitedMs: job.waitedMs + now,
            swapMs: swapMs(job.model),
            queuedOfModel: queue.ofModel(job.model),
            recentGpuMs: gpuMs[job.owner] ?? 0,
            bypassed: job.bypassed,
          })),
        )
      ];
    if (!picked) {
      // Until something arrives for it, if ever.
      worker.freeInMs = next && !next.done ? -next.value.waitedMs : Infinity;
      continue;
    }
    claims += 1;
    const isLoaded = worker.loaded === picked.model;
    if (!isLoaded) loads += 1;
    if (picked.isKnown) {
      starts.set(picked.id, { startMs: now, loads });
      waiting -= 1;
    }
    passOver(heads, picked, now);
    queue.take(picked);
    gpuMs[picked.owner] = (gpuMs[picked.owner] ?? 0) + picked.runMs;
    worker.loaded = picked.model;
    const loadMs = isLoaded ? 0 : (state.loadMs[picked.model] ?? 0) * (state.loadShare?.() ?? 1);
    worker.freeInMs = now + loadMs + picked.runMs;
  }
  if (waiting === 0) return starts;
  for (const [at, job] of queue.known(new Set(workers.flatMap(({ models }) => models))).entries())
    starts.set(job.id, { startMs: Math.round(now + ((at + 1) * now) / claims), loads });
  return starts;
}

type Playing = WaitingJob & { isKnown: boolean };

/** Copies of the jobs in lanes of owner, model and level, the oldest of each first. */
function openQueue(jobs: readonly WaitingJob[]) {
  const lanes = new Map<string, Playing[]>();
  const counts = new Map<string, number>();
  const laneOf = ({ owner, model, level }: WaitingJob): string => `${owner} ${level} ${model}`;
  const put = (job: Playing): void => {
    const lane = lanes.get(laneOf(job));
    if (lane) lane.push(job);
    else lanes.set(laneOf(job), [job]);
    counts.set(job.model, (counts.get(job.model) ?? 0) + 1);
  };
  for (const job of jobs.toSorted((a, b) => b.waitedMs - a.waitedMs)) put({ ...job, isKnown: true });
  return {
    add: (job: WaitingJob): void => put({ ...job, isKnown: false }),
    ofModel: (model: string): number => counts.get(model) ?? 0,
    heads: (models: readonly string[]): Playing[] =>
      [...lanes.values()]
        .flatMap(([head]) => (head && models.includes(head.model) ? [head] : []))
        .sort((a, b) => b.waitedMs - a.waitedMs),
    /** Those of some models that were there from the beginning, by age. */
    known: (models: ReadonlySet<string>): Playing[] =>
      [...lanes.values()]
        .flat()
        .filter(({ isKnown, model }) => isKnown && models.has(model))
        .sort((a, b) => b.waitedMs - a.waitedMs),
    take: (job: Playing): void => {
      const lane = lanes.get(laneOf(job));
      lane?.shift();
      if (lane?.length === 0) lanes.delete(laneOf(job));
      counts.set(job.model, (counts.get(job.model) ?? 1) - 1);
    },
  };
}

/** The head that a strict order would have taken is passed over once more. */
function passOver(heads: readonly WaitingJob[], picked: WaitingJob, now: number): void {
  const levelOf = (job: WaitingJob): number => effectiveLevel(job.level, job.waitedMs + now);
  const first = heads.reduce((best, job) => (levelOf(job) > levelOf(best) ? job : best));
  if (first !== picked) first.bypassed = Math.min(bypassMax, first.bypassed + 1);
}
