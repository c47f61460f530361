import { expect, test } from 'vitest';
import { createLimiter } from './limiter.ts';

test('never more tasks at once than allowed, first come first served, failures included', async () => {
  const limiter = createLimiter(3);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 50 }, (_, n) =>
      limiter(async () => {
        started.push(n);
        most = Math.max(most, (running += 1));
        for (let turns = n % 4; turns > 0; turns -= 1) await Promise.resolve();
        running -= 1;
        if (n % 5 === 0) throw new Error('failed');
        return n;
      }),
    ),
  );
  expect(most).toBe(3);
  expect(started).toEqual(Array.from({ length: 50 }, (_, n) => n));
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(10);
  expect(await limiter(async () => 'still open')).toBe('still open');
});
