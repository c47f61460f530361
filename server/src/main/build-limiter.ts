import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Config } from '#platform/config.ts';
import { createMemoryLimiter, createRedisLimiter, type Limiter } from '#platform/limits.ts';

/** Limits counted in `REDIS_URL` for all API processes, else in this one. */
export function buildLimiter(
  { redisUrl }: Pick<Config, 'redisUrl'>,
  log: Logger,
): { limiter: Limiter; close: () => void } {
  if (redisUrl === null) return { limiter: createMemoryLimiter(), close: () => undefined };
  const redis = new Redis(redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  redis.on('error', (error) => log.warn({ err: error }, 'Redis is away; each process counts limits for itself'));
  return { limiter: createRedisLimiter(redis), close: () => redis.disconnect() };
}
