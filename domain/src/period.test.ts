import fc from 'fast-check';
import { expect, test } from 'vitest';
import { periodAt } from './period.ts';

const at = (text: string): number => Date.parse(text);
const monthsFrom = (anchor: string, months: number): string[] => {
  const starts = [anchor];
  for (let atMs = at(anchor), n = 0; n < months; n += 1) {
    atMs = periodAt(at(anchor), atMs).endMs;
    starts.push(new Date(atMs).toISOString());
  }
  return starts;
};

test('a month that began on the 31st comes back to the 31st after a short one', () => {
  expect(monthsFrom('2025-01-31T15:04:05.678Z', 4)).toEqual([
    '2025-01-31T15:04:05.678Z',
    '2025-02-28T15:04:05.678Z',
    '2025-03-31T15:04:05.678Z',
    '2025-04-30T15:04:05.678Z',
    '2025-05-31T15:04:05.678Z',
  ]);
});

test('a leap day anchors the 28th in other years and the 29th in leap years', () => {
  const starts = monthsFrom('2024-02-29T00:00:00.000Z', 48);
  expect([starts[12], starts[24], starts[36], starts[48]]).toEqual([
    '2025-02-28T00:00:00.000Z',
    '2026-02-28T00:00:00.000Z',
    '2027-02-28T00:00:00.000Z',
    '2028-02-29T00:00:00.000Z',
  ]);
});

test('the year ends in UTC, also for who signed up on New Year’s morning in Seoul', () => {
  expect(monthsFrom('2025-12-31T15:00:00.000Z', 2)).toEqual([
    '2025-12-31T15:00:00.000Z',
    '2026-01-31T15:00:00.000Z',
    '2026-02-28T15:00:00.000Z',
  ]);
});

test('the end of a month belongs to the next one', () => {
  const anchorMs = at('2026-03-15T10:00:00.000Z');
  const first = periodAt(anchorMs, anchorMs);
  expect(periodAt(anchorMs, first.endMs - 1)).toEqual(first);
  expect(periodAt(anchorMs, first.endMs).startMs).toBe(first.endMs);
});

test('every instant lies in exactly one month, and months touch', () => {
  const instants = fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2099-12-31T23:59:59Z') });
  fc.assert(
    fc.property(instants, instants, (a, b) => {
      const [anchorMs, atMs] = a < b ? [a, b] : [b, a];
      const { startMs, endMs } = periodAt(anchorMs, atMs);
      expect(startMs <= atMs && atMs < endMs).toBe(true);
      expect(periodAt(anchorMs, endMs).startMs).toBe(endMs);
      expect(periodAt(anchorMs, startMs - 1).endMs).toBe(startMs);
    }),
    { seed: 1 },
  );
});
