import { sql } from 'kysely';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/db/database.ts';
import { type FrontPlan, planFront, type QueueFront } from './plan-front.ts';

/** So many waiting jobs a front holds at most. */
export const frontMax = 200;
/** One reading serves everybody who asks within this time. */
const freshMs = 2_000;

export type ReadQueueFront = () => Promise<{ front: QueueFront; plan: FrontPlan }>;

/** Reads and plays the front of the queue at most every two seconds per process, however many ask why their job waits. */
export function createQueueFront(db: Database, clock: Clock): ReadQueueFront {
  let known: { readAtMs: number; answer: ReturnType<ReadQueueFront> } | undefined;
  const read: ReadQueueFront = async () => {
    const { rows } = await sql<{ front: QueueFront }>`select public.queue_front() as front`.execute(db.kysely);
    if (!rows[0]) throw new Error('queue_front answered nothing');
    return { front: rows[0].front, plan: await planFront(rows[0].front) };
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
