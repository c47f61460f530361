import { setImmediate } from 'node:timers/promises';
import { type PlannedStart, simulateQueue, type WaitingJob } from './simulate-queue.ts';

/** What `queue_front` answers. Times in milliseconds. */
export type QueueFront = {
  jobs: {
    id: string;
    level: number;
    waited_ms: number;
    model: string;
    owner: number;
    bypassed: number;
    run_ms: number;
    most_ms: number;
  }[];
  gpu_ms: number[];
  load_ms: Record<string, number>;
  workers: { models: string[]; loaded: string | null; run_ms: number; most_ms: number }[];
  /** Jobs submitted in the last `recent_ms`, for what may arrive. Owners that wait too have their number, others follow after them. */
  recent: { level: number; model: string; owner: number; run_ms: number; most_ms: number }[];
  recent_ms: number;
};

/** When a job should start, milliseconds from now: in four of five futures inside the interval. `loads`: model loads planned up to and with it. */
export type StartInterval = { earliestMs: number; latestMs: number; loads: number };
export type FrontPlan = Map<string, StartInterval>;

/** So many futures are played. The second and the last start enclose what is told: futures know only the rate of the last minutes, the real one changes. */
const futures = 20;
const [lowest, highest] = [1, futures - 1];
/** A ceiling is the 99th percentile of a job's time: so many standard deviations of its logarithm above the median. */
const ceilingDeviations = 2.326;
/** What is in a host's RAM loads in a fifth of the time from disk, and the queue does not know which models are. */
const loadShareMin = 0.2;

/**
 * Plays a front forward into twenty futures: in each, jobs take times between what is expected and their ceiling, loads a share of their time, and what arrived
 * of late arrives again, at random. A front answers the same at each call. Others get their turn between two futures, each of which takes up to 15 ms.
 */
export async function planFront(front: QueueFront): Promise<FrontPlan> {
  const random = numbersFrom(front.jobs.length + 1);
  const plans: Map<string, PlannedStart>[] = [];
  for (let future = 0; future < futures; future += 1) {
    plans.push(playOnce(front, random));
    await setImmediate();
  }
  const asExpected = simulateQueue(stateOf(front));
  return new Map(
    front.jobs.flatMap(({ id }): [string, StartInterval][] => {
      const expected = asExpected.get(id);
      if (!expected) return [];
      const starts = plans.map((plan) => plan.get(id)?.startMs ?? expected.startMs).sort((a, b) => a - b);
      const at = (place: number): number => Math.round(starts[place] ?? expected.startMs);
      return [[id, { earliestMs: at(lowest), latestMs: at(highest), loads: expected.loads }]];
    }),
  );
}

const stateOf = (front: QueueFront) => ({
  jobs: front.jobs.map((job) => ({ ...job, waitedMs: job.waited_ms, runMs: job.run_ms })),
  workers: front.workers.map((worker) => ({ ...worker, freeInMs: worker.run_ms })),
  gpuMs: front.gpu_ms,
  loadMs: front.load_ms,
});

function playOnce(front: QueueFront, random: () => number): Map<string, PlannedStart> {
  // One draw for each job: its time is the median times a factor whose logarithm is normal.
  const runMs = ({ run_ms: median, most_ms: most }: { run_ms: number; most_ms: number }): number =>
    median <= 0 ? 0 : median * (Math.max(most, median) / median) ** (normal(random) / ceilingDeviations);
  const left = ({ run_ms: run, most_ms: most }: { run_ms: number; most_ms: number }): number => {
    const deviations = normal(random) / ceilingDeviations;
    return deviations < 0 ? run * Math.max(0, 1 + deviations) : run + (most - run) * deviations;
  };
  return simulateQueue({
    ...stateOf(front),
    jobs: front.jobs.map((job) => ({ ...job, waitedMs: job.waited_ms, runMs: runMs(job) })),
    workers: front.workers.map((worker) => ({ ...worker, freeInMs: left(worker) })),
    loadShare: () => loadShareMin + (1 - loadShareMin) * random(),
    arrivals: arrivalsOf(front, random, runMs),
  });
}

/** What arrived in the last minutes, drawn again and again, at the same rate. */
function* arrivalsOf(
  { recent, recent_ms: windowMs }: QueueFront,
  random: () => number,
  runMs: (job: QueueFront['recent'][number]) => number,
): Generator<WaitingJob> {
  if (recent.length === 0 || windowMs <= 0) return;
  for (let atMs = 0; ;) {
    atMs += (-Math.log(1 - random()) * windowMs) / recent.length;
    const job = recent[Math.floor(random() * recent.length)];
    if (!job) return;
    yield { ...job, id: '', waitedMs: -atMs, bypassed: 0, runMs: runMs(job) };
  }
}

/** A standard normal number (Box–Muller). */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Numbers in [0, 1), the same for one seed (a 32-bit linear congruence: Numerical Recipes). */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
