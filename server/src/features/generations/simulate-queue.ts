import { bypassMax, claimScore, effectiveLevel, loadedElsewhereFactor } from '@pingvas/domain';

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
  /** In the order of effective level and age. */
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
 * cancelled meanwhile. The work grows with the square of the jobs: about 10 ms for 200.
 */
export function simulateQueue(state: QueueState): Map<string, PlannedStart> {
  const starts = new Map<string, PlannedStart>();
  const waiting = state.jobs.map((job) => ({ ...job }));
  const workers = state.workers.map((worker) => ({ ...worker }));
  const gpuMs = [...state.gpuMs];
  let loads = 0;
  for (;;) {
    const worker = workers
      .filter(({ models }) => waiting.some((job) => models.includes(job.model)))
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
    const queued = Map.groupBy(waiting, ({ model }) => model);
    let picked: (WaitingJob & { score: number }) | undefined;
    for (const job of waiting) {
      if (!worker.models.includes(job.model)) continue;
      const score = claimScore({
        ...job,
        waitedMs: job.waitedMs + now,
        swapMs: swapMs(job.model),
        queuedOfModel: queued.get(job.model)?.length ?? 1,
        recentGpuMs: gpuMs[job.owner] ?? 0,
      });
      if (!picked || score > picked.score) picked = Object.assign(job, { score });
    }
    if (!picked) return starts;
    const load = worker.loaded === picked.model ? 0 : (state.loadMs[picked.model] ?? 0);
    if (worker.loaded !== picked.model) loads += 1;
    starts.set(picked.id, { startMs: now, loads });
    passOver(waiting, picked, now);
    gpuMs[picked.owner] = (gpuMs[picked.owner] ?? 0) + picked.runMs;
    worker.loaded = picked.model;
    worker.freeInMs = now + load + picked.runMs;
  }
}

/** Takes a job out; the one a strict order would have taken is passed over once more. */
function passOver(waiting: WaitingJob[], picked: WaitingJob, now: number): void {
  const levelOf = (job: WaitingJob): number => effectiveLevel(job.level, job.waitedMs + now);
  const first = waiting.reduce((best, job) =>
    levelOf(job) > levelOf(best) || (levelOf(job) === levelOf(best) && job.waitedMs > best.waitedMs) ? job : best,
  );
  if (first !== picked) first.bypassed = Math.min(bypassMax, first.bypassed + 1);
  waiting.splice(waiting.indexOf(picked), 1);
}
