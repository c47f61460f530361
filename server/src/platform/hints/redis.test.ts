import { beforeAll, describe } from 'vitest';
import { createLog } from '#platform/log.ts';
import { hasRedis, startRedis } from '#test/redis.ts';
import { hintsContract } from './hints.contract.ts';
import { createRedisHints } from './redis.ts';

// A machine without a Redis server says so by leaving this out; the contract is the same as PostgreSQL's.
describe.skipIf(!(await hasRedis()))('Redis carries hints', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis();
    return () => redis.stop();
  });
  hintsContract(() => createRedisHints({ url: redis.url, log: createLog({ level: 'silent', process: 'test' }) }));
});
