import { expect, test } from 'vitest';
import { createJobClock } from './job-clock.ts';

const clock = () => createJobClock({ loadMs: 10_000, renderMs: 60_000 }, 0);

test('before it draws, a job takes what is left of the load and all of its estimate', () => {
  const job = clock();
  job.progress({ phase: 'load', progress: 0 }, 1_000);
  expect([0, 4_000, 30_000].map(job.remainingMs)).toEqual([70_000, 66_000, 60_000]);
});

test('a job that draws slower than estimated is seen at once, one that draws faster only from a fifth on', () => {
  const slow = clock();
  slow.progress({ phase: 'encode', progress: 0 }, 0);
  slow.progress({ phase: 'denoise', progress: 0.1 }, 20_000);
  expect(slow.remainingMs(20_000)).toBeCloseTo(180_000);
  const fast = clock();
  fast.progress({ phase: 'encode', progress: 0 }, 0);
  fast.progress({ phase: 'denoise', progress: 0.1 }, 1_000);
  expect(fast.remainingMs(1_000)).toBe(59_000);
  fast.progress({ phase: 'denoise', progress: 0.5 }, 5_000);
  expect(fast.remainingMs(5_000)).toBe(5_000);
});

test('a job that stalls takes longer and longer, and progress never goes back', () => {
  const job = clock();
  job.progress({ phase: 'denoise', progress: 0 }, 0);
  job.progress({ phase: 'denoise', progress: 0.5 }, 10_000);
  job.progress({ phase: 'denoise', progress: 0.3 }, 11_000);
  expect([11_000, 60_000].map(job.remainingMs)).toEqual([11_000, 60_000]);
});
