import { expect, test } from 'vitest';
import { createEngineBreaker } from './engine-breaker.ts';

test('three failures in a row stop the claims for a while; then one job decides', () => {
  const breaker = createEngineBreaker({ failuresMax: 3, restMs: 30_000 });
  breaker.attemptEnded(true, 0);
  breaker.attemptEnded(true, 1);
  breaker.attemptEnded(false, 2);
  breaker.attemptEnded(true, 3);
  breaker.attemptEnded(true, 4);
  expect(breaker.mayClaim(4)).toBe(true);
  breaker.attemptEnded(true, 5);
  expect([breaker.mayClaim(5), breaker.mayClaim(30_004), breaker.mayClaim(30_005)]).toEqual([false, false, true]);
  breaker.attemptEnded(true, 30_006);
  expect(breaker.mayClaim(60_005)).toBe(false);
  breaker.attemptEnded(false, 60_006);
  breaker.attemptEnded(true, 60_007);
  expect(breaker.mayClaim(60_007)).toBe(true);
});
