import { expect, test } from 'vitest';
import { createFakeEngine } from '#adapters/engine/fake.ts';
import { createLog } from '#platform/log.ts';
import { type ClaimJobsDeps, claimJobs } from './claim-jobs.ts';
import { createEngineBreaker, decidedBreaker } from './engine-breaker.ts';

test('a worker that finds no work for longer than its limit says so once', async () => {
  const engine = createFakeEngine();
  const capabilities = await engine.capabilities();
  const looked = Promise.withResolvers<void>();
  let [looks, told] = [0, 0];
  const queue = {
    claim: () => {
      if (++looks === 5) looked.resolve();
      return Promise.resolve(undefined);
    },
  };
  const loop = claimJobs({
    offer: () => ({ engine, capabilities }),
    queue,
    breaker: createEngineBreaker(decidedBreaker),
    nextHint: () => Promise.resolve(),
    pollMs: 1,
    log: createLog({ level: 'silent', process: 'test' }),
    idle: { afterMs: 0, call: () => told++ },
  } as unknown as ClaimJobsDeps);
  await looked.promise;
  await loop.drain(0);
  expect(told).toBe(1);
  await engine.close();
});
