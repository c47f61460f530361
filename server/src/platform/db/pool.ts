import pg from 'pg';
import type { Logger } from 'pino';

// bigint columns hold milli-credits, bytes and counters. All stay far below 2^53; one that does not is a bug to stop at, not to round.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint out of the safe range: ${text}`);
  return value;
});

/** Where a role logs in: a connection string, or a socket folder for the embedded server. */
export type PoolOptions = {
  connectionString: string;
  max: number;
  name: string;
  log: Pick<Logger, 'warn'>;
  /** How long a statement may go without its answer; then its connection is given up. Chores over many rows need longer than a caller would wait. */
  queryTimeoutMs?: number;
};

/**
 * Opens a pool whose connections pipeline statements (a transaction of four statements costs one round trip).
 * A database that stops must not end the process: errors of idle connections are logged and the pool reconnects. One that is silent (a network that
 * swallows packets tells nobody) is given up after `queryTimeoutMs`, as if its connection were cut.
 */
export function openPool({ connectionString, max, name, log, queryTimeoutMs = 10_000 }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    application_name: `pingvas ${name}`,
    // Also how long a caller waits for a free connection: a burst of a thousand submits is served late rather than refused.
    connectionTimeoutMillis: 15_000,
    idleTimeoutMillis: 30_000,
    pipeline: true,
    // With pipelining the connection ends with the statement: what waits behind it fails at once too.
    query_timeout: queryTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  pool.on('error', (error) => log.warn({ err: error, pool: name }, 'idle database connection lost'));
  pool.on('connect', (client) => {
    client.on('error', (error: Error) => log.warn({ err: error, pool: name }, 'database connection lost'));
  });
  return pool;
}
