import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { listen } from '../db/listen.ts';
import type { HintBus } from './port.ts';

/**
 * Hints by LISTEN/NOTIFY. One statement carries a whole batch, outside every transaction that matters: a notification inside one takes a lock of
 * the whole server until after commit (measured: 2.6 times fewer submits).
 */
export function createPostgresHints({
  db,
  connectionString,
  log,
}: {
  db: Database;
  connectionString: string;
  log: Pick<Logger, 'warn'>;
}): HintBus {
  return {
    publish: async (hints) => {
      await db.pool.query(
        'select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) hint(channel, payload)',
        [hints.map(({ channel }) => channel), hints.map(({ payload }) => payload)],
      );
    },
    subscribe: (subscription) => listen({ connectionString, log, ...subscription }),
    close: async () => undefined,
  };
}
