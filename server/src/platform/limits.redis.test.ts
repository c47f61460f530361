import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasRedis, startRedis } from '#test/redis.ts';
import { createRedisLimiter } from './limits.ts';

describe.skipIf(!(await hasRedis()))('limits kept in Redis', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  const clients: Redis[] = [];
  const process = (): ReturnType<typeof createRedisLimiter> => {
    const redis = new Redis(server.url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
    redis.on('error', () => undefined);
    clients.push(redis);
    return createRedisLimiter(redis, { sign_in: { calls: 5, windowS: 60 } });
  };
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await server.stop();
  });

  test('are one for all processes: 40 calls at once over two of them, exactly 5 pass', async () => {
    const limiters = [process(), process()];
    await Promise.all(
      clients.map((client) => client.ping().catch(() => new Promise((resolve) => client.once('ready', resolve)))),
    );
    const states = await Promise.all(
      Array.from({ length: 40 }, (_, at) => limiters[at % 2]!.take('sign_in', '192.0.2.1')),
    );
    expect(states.filter(({ allowed }) => allowed)).toHaveLength(5);
    await limiters[0]!.giveBack('sign_in', '192.0.2.1');
  });

  test('turn nobody away while Redis is gone', async () => {
    const limiter = process();
    await server.stop();
    expect((await limiter.take('sign_in', '192.0.2.2')).allowed).toBe(true);
    server = await startRedis();
  });
});
