import { bypassMax, effectiveLevel, loadedElsewhereFactor, pickHead } from '@pingvas/domain';

/** A waiting job as the claim sees it; times in milliseconds. `owner` is an index into `gpuMs`. */
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
  /** Loading time by model. */
  loadMs: Readonly<Record<string, number>>;
};

/** In how many milliseconds a job is taken, and how many model loads are planned up to and with it. */
export type PlannedStart = { startMs: number; loads: number };

/**
 * Plays the queue forward with the rules of the claim until it is empty: the start of every job that some worker can run. Nothing arrives and nothing is
 * cancelled meanwhile. The work grows with the jobs times their lanes: some milliseconds for 200.
 */
export function simulateQueue(state: QueueState): Map<string, PlannedStart> {
  const starts = new Map<string, PlannedStart>();
  const lanes = lanesOf(state.jobs);
  const queued = new Map<string, number>();
  for (const { model } of state.jobs) queued.set(model, (queued.get(model) ?? 0) + 1);
  const workers = state.workers.map((worker) => ({ ...worker }));
  const gpuMs = [...state.gpuMs];
  let loads = 0;
  for (;;) {
    const worker = workers
      .filter(({ models }) => models.some((model) => (queued.get(model) ?? 0) > 0))
      .reduce<BusyWorker | undefined>(
        (first, next) => (first && first.freeInMs <= next.freeInMs ? first : next),
        undefined,
      );
    if (!worker) return starts;
    const now = worker.freeInMs;
    const swapMs = (model: string): number => {
      if (worker.loaded === model) return 0;
      const elsewhere = workers.some((other) => other !== worker && other.loaded === model);
      return (state.loadMs[model] ?? 0) * (elsewhere ? loadedElsewhereFactor : 1);
    };
    const heads = lanes
      .flatMap(([head]) => (head && worker.models.includes(head.model) ? head : []))
      .sort((a, b) => b.waitedMs - a.waitedMs);
    const picked =
      heads[
        pickHead(
          heads.map((job) => ({
            model: job.model,
            level: job.level,
            waitedMs: job.waitedMs + now,
            swapMs: swapMs(job.model),
            queuedOfModel: queued.get(job.model) ?? 1,
            recentGpuMs: gpuMs[job.owner] ?? 0,
            bypassed: job.bypassed,
          })),
        )
      ];
    if (!picked) return starts;
    const load = worker.loaded === picked.model ? 0 : (state.loadMs[picked.model] ?? 0);
    if (worker.loaded !== picked.model) loads += 1;
    starts.set(picked.id, { startMs: now, loads });
    passOver(heads, picked, now);
    lanes.find(([head]) => head === picked)?.shift();
    queued.set(picked.model, (queued.get(picked.model) ?? 1) - 1);
    gpuMs[picked.owner] = (gpuMs[picked.owner] ?? 0) + picked.runMs;
    worker.loaded = picked.model;
    worker.freeInMs = now + load + picked.runMs;
  }
}

/** Copies of the jobs by owner, model and level, the oldest of each first. */
function lanesOf(jobs: readonly WaitingJob[]): WaitingJob[][] {
  const byAge = jobs.map((job) => ({ ...job })).sort((a, b) => b.waitedMs - a.waitedMs);
  return [...Map.groupBy(byAge, ({ owner, model, level }) => `${owner} ${level} ${model}`).values()];
}

/** The head that a strict order would have taken is passed over once more. */
function passOver(heads: readonly WaitingJob[], picked: WaitingJob, now: number): void {
  const levelOf = (job: WaitingJob): number => effectiveLevel(job.level, job.waitedMs + now);
  const first = heads.reduce((best, job) => (levelOf(job) > levelOf(best) ? job : best));
  if (first !== picked) first.bypassed = Math.min(bypassMax, first.bypassed + 1);
}
