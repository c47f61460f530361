import { sql } from 'kysely';
import type { Storage } from '#adapters/storage/index.ts';
import type { Database } from '#platform/db/database.ts';
import type { HealthChecks } from '#platform/http/health.routes.ts';

/** A part that does not answer within this time is down. */
const patienceMs = 3_000;

/**
 * Looks at every part: database and storage by using them, the engine by a worker that is alive, the queue by whether jobs that could start do.
 * Never throws.
 */
export async function checkHealth({ db, storage }: { db: Database; storage: Storage }): Promise<HealthChecks> {
  const [workers, store] = await Promise.allSettled([
    within(
      sql<{ alive: boolean; stuck: boolean }>`select
        exists (select from worker where seen_at > now() - interval '15 seconds' and not draining) as alive,
        public.queue_is_stuck() as stuck`.execute(db.kysely),
    ),
    within(storage.health()),
  ]);
  const facts = workers.status === 'fulfilled' ? workers.value.rows[0] : undefined;
  return {
    database: facts ? 'ok' : 'down',
    storage: store.status === 'fulfilled' ? 'ok' : 'down',
    engine: facts?.alive ? 'ok' : 'down',
    queue: facts && !facts.stuck ? 'ok' : 'down',
  };
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>(
    (_, reject) => (timer = setTimeout(() => reject(new Error('no answer in time')), patienceMs)),
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
