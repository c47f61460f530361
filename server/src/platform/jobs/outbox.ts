import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { every, type Loop } from './every.ts';

/**
 * Hands the outbox's rows to the chore runner: deleting the row and adding the chore are one transaction, so none is lost or doubled.
 * The hot paths write rows instead of chores because adding a chore notifies inside the transaction, a lock that costs them 2.6×.
 */
export function drainOutbox(db: Database, log: Logger, intervalMs: number): Loop {
  return every(intervalMs, log, 'outbox', async () => {
    while ((await drainBatch(db)) === batchSize);
  });
}

const batchSize = 100;

/** Moves up to a batch of rows; returns how many. */
export async function drainBatch(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ moved: number }>(
    `with taken as (
       delete from public.outbox where outbox_id = any(array(
         select outbox_id from public.outbox order by outbox_id limit 100 for update skip locked))
       returning outbox_id, task, payload)
     select count(graphile_worker.add_job(task, payload::json, job_key => 'outbox:' || outbox_id))::int as moved from taken`,
  );
  return rows[0]?.moved ?? 0;
}
