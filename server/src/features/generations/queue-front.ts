import { sql } from 'kysely';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/db/database.ts';
import { type PlannedStart, simulateQueue } from './simulate-queue.ts';

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
};

/** So many waiting jobs a front holds at most. */
export const frontMax = 200;
/** One reading serves everybody who asks within this time. */
const freshMs = 2_000;

/** A start for every job of the front, if all take what is expected, and if all take their ceiling. */
export type FrontPlans = { expected: Map<string, PlannedStart>; most: Map<string, PlannedStart> };

export type ReadQueueFront = () => Promise<{ front: QueueFront; plans: FrontPlans }>;

/** Plays a front forward, with both lengths of the jobs. */
export function planFront(front: QueueFront): FrontPlans {
  const play = (time: 'run_ms' | 'most_ms'): Map<string, PlannedStart> =>
    simulateQueue({
      jobs: front.jobs.map((job) => ({ ...job, waitedMs: job.waited_ms, runMs: job[time] })),
      workers: front.workers.map((worker) => ({ ...worker, freeInMs: worker[time] })),
      gpuMs: front.gpu_ms,
      loadMs: front.load_ms,
    });
  return { expected: play('run_ms'), most: play('most_ms') };
}

/** Reads and plays the front of the queue at most every two seconds per process, however many ask why their job waits. */
export function createQueueFront(db: Database, clock: Clock): ReadQueueFront {
  let known: { readAtMs: number; answer: ReturnType<ReadQueueFront> } | undefined;
  const read: ReadQueueFront = async () => {
    const { rows } = await sql<{ front: QueueFront }>`select public.queue_front() as front`.execute(db.kysely);
    if (!rows[0]) throw new Error('queue_front answered nothing');
    return { front: rows[0].front, plans: planFront(rows[0].front) };
  };
  return () => {
    const nowMs = clock.nowMs();
    if (known && nowMs - known.readAtMs < freshMs) return known.answer;
    const entry = { readAtMs: nowMs, answer: read() };
    known = entry;
    entry.answer.catch(() => {
      if (known === entry) known = undefined;
    });
    return entry.answer;
  };
}
