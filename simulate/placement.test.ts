import { expect, test } from 'vitest';
import { insideShare, tellStarts } from './placement.ts';

test('four of five jobs start inside the interval they were told, at a load that eight GPUs just serve', async () => {
  const told = await tellStarts(3_240, 1, 4, 120_000);
  expect(told.length).toBeGreaterThan(500);
  expect(insideShare(told)).toBeGreaterThanOrEqual(0.8);
});
