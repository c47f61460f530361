import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createRedisHints } from '#platform/hints/redis.ts';
import { createLog } from '#platform/log.ts';
import { aCatalogueModel, aKeyCaller, createTestApi, type TestApi } from '#test/app.ts';
import { test } from '#test/database.ts';
import { hasRedis, startRedis } from '#test/redis.ts';

const log = createLog({ level: 'silent', process: 'test' });

describe.skipIf(!(await hasRedis()))('two API processes with Redis between them', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test('a job submitted and cancelled at one is told on a stream of the other, without polling', async ({ db }) => {
    const bus = () => createRedisHints({ url: redis.url, log });
    const buses = [bus(), bus()];
    // Polling so seldom that only the hint can tell in time.
    const [left, right] = (await Promise.all(
      buses.map((own) => createTestApi(db, { bus: own, watchPollMs: 3_600_000 })),
    )) as [TestApi, TestApi];
    const model = await aCatalogueModel(db);
    const { headers } = await aKeyCaller(db, { plan: 'pro' });
    const submitted = await left.call({
      method: 'POST',
      url: '/api/v1/generate',
      as: { headers },
      payload: { model, prompt: '고양이' },
    });
    expect(submitted.statusCode).toBe(202);
    const { job_id: id } = submitted.json<{ job_id: string }>();
    const events = right.call({ method: 'GET', url: `/api/v1/jobs/${id}/events`, as: { headers } });
    const cancelled = await left.call({ method: 'POST', url: `/api/v1/jobs/${id}/cancel`, as: { headers } });
    expect(cancelled.json()).toMatchObject({ status: 'cancelled' });
    expect((await events).payload).toContain('event: done');
    await Promise.all([left.close(), right.close()]);
    await Promise.all(buses.map((own) => own.close()));
  });
});
