import { describe, expect, onTestFinished } from 'vitest';
import { limitDefaults } from '#platform/limits.ts';
import {
  aCatalogueModel,
  aJwtCaller,
  aSessionCaller,
  type Caller,
  createTestApi,
  test,
  type TestApi,
} from '#test/app.ts';

const submit = (api: TestApi, as: Caller, model: string, address: string, payload: object = {}) =>
  api.call({
    method: 'POST',
    url: '/api/v1/generate',
    as,
    payload: { model, prompt: 'x', ...payload },
    headers: { 'x-forwarded-for': address },
  });

/** The defaults of generations, as they are in production; calls themselves stay wide open. */
const { free_generations, jwt_free, jwt_paid } = limitDefaults;

describe('limits of generations', () => {
  test('plan Free gets 10 an hour from one address, whoever signs in there; an IPv6 /64 is one address', async ({
    db,
  }) => {
    const api = await createTestApi(db, { limits: { free_generations } });
    onTestFinished(api.close);
    const model = await aCatalogueModel(db);
    const [one, other, paid] = [
      await aSessionCaller(db, { plan: 'free' }),
      await aSessionCaller(db, { plan: 'free' }),
      await aSessionCaller(db),
    ];
    for (let at = 0; at < 10; at += 1)
      expect((await submit(api, at % 2 ? one : other, model, `2001:db8::${at + 1}`)).statusCode).toBe(202);
    const refused = await submit(api, one, model, '2001:db8::ffff');
    expect([refused.statusCode, refused.json().code, Number(refused.headers['retry-after'])]).toEqual([
      429,
      'rate_limited',
      expect.any(Number),
    ]);
    expect((await submit(api, one, model, '2001:db8:0:1::1')).statusCode).toBe(202);
    expect((await submit(api, paid, model, '2001:db8::1')).statusCode).toBe(202);
  });

  test('a submit that is refused or replayed does not count', async ({ db }) => {
    const api = await createTestApi(db, { limits: { free_generations: { calls: 1, windowS: 3_600 } } });
    onTestFinished(api.close);
    const model = await aCatalogueModel(db);
    const poor = await aSessionCaller(db, { plan: 'free', credits: 0 });
    const caller = await aSessionCaller(db, { plan: 'free' });
    expect((await submit(api, caller, model, '198.51.100.1', { width: 65 })).statusCode).toBe(422);
    expect((await submit(api, poor, model, '198.51.100.1')).statusCode).toBe(402);
    const again = () =>
      api.call({
        method: 'POST',
        url: '/api/v1/generate',
        as: caller,
        payload: { model, prompt: 'x' },
        headers: { 'x-forwarded-for': '198.51.100.1', 'idempotency-key': 'k' },
      });
    expect([(await again()).statusCode, (await again()).statusCode]).toEqual([202, 202]);
    expect((await submit(api, caller, model, '198.51.100.1')).statusCode).toBe(429);
  });

  test('an access token submits 10 an hour on Free and 60 otherwise, per person', async ({ db }) => {
    const api = await createTestApi(db, { limits: { jwt_free, jwt_paid } });
    onTestFinished(api.close);
    const model = await aCatalogueModel(db);
    for (const [plan, calls] of [
      ['free', 10],
      ['pro', 60],
    ] as const) {
      const caller = await aJwtCaller(db, { plan });
      const statuses: number[] = [];
      for (let at = 0; at <= calls; at += 1) statuses.push((await submit(api, caller, model, '192.0.2.1')).statusCode);
      expect(statuses).toEqual([...Array.from({ length: calls }, () => 202), 429]);
    }
  });
});
