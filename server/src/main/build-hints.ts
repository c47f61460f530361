import type { Logger } from 'pino';
import type { Config } from '#platform/config.ts';
import type { Database } from '#platform/db/database.ts';
import { createPostgresHints } from '#platform/hints/postgres.ts';
import type { HintBus } from '#platform/hints/port.ts';
import { createRedisHints } from '#platform/hints/redis.ts';

/** The bus of `REDIS_URL`, else the database's own. */
export function buildHints(
  config: Pick<Config, 'redisUrl'>,
  options: { db: Database; connectionString: string; log: Logger },
): HintBus {
  return config.redisUrl === null
    ? createPostgresHints(options)
    : createRedisHints({ url: config.redisUrl, log: options.log });
}
