import { expect, test } from 'vitest';
import type { Job } from '../../api/api.gen.ts';
import { sumByDay } from './month-usage.ts';

const job = (finished_at: string | null, charged_credits: number | null, model: string): Job =>
  ({ finished_at, charged_credits, request: { model } }) as Job;

test('every day of the month is there, with what each model cost, the dearest model first', () => {
  const usage = sumByDay(
    [
      job('2026-11-03T12:00:00', 1.5, 'mini'),
      job('2026-11-03T13:00:00', 0.5, 'mini'),
      job('2026-11-03T13:00:00', 9, 'flux'),
      job('2026-11-02T12:00:00', 0, 'mini'),
      job(null, null, 'mini'),
      job('2026-10-30T12:00:00', 4, 'mini'),
    ],
    new Date('2026-11-01T06:00:00'),
    new Date('2026-11-04T03:00:00'),
  );
  expect(usage.models).toEqual(['flux', 'mini']);
  expect(usage.days).toEqual([
    { day: '2026-11-01', byModel: {} },
    { day: '2026-11-02', byModel: {} },
    { day: '2026-11-03', byModel: { mini: 2, flux: 9 } },
    { day: '2026-11-04', byModel: {} },
  ]);
});
