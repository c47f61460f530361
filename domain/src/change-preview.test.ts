import { expect, test } from 'vitest';
import { paidPeriod, previewChange } from './change-preview.ts';

const created = Date.UTC(2026, 0, 1);
const middle = Date.UTC(2026, 3, 16); // half of April

test('an upgrade in the middle of a month costs half of the difference and brings half of its credits', () => {
  expect(previewChange('starter_monthly', 'pro_monthly', created, middle)).toEqual({
    kind: 'upgrade',
    effectiveMs: middle,
    dueNowCents: 2_500,
    creditsNow: 2_500_000,
    creditsPerMonth: 7_500_000,
  });
});

test('from the month to the year a whole year is charged, less what is left of the month; the credits of this month stay', () => {
  expect(previewChange('pro_monthly', 'pro_yearly', created, middle)).toMatchObject({
    kind: 'upgrade',
    dueNowCents: 75_000 - 3_750,
    creditsNow: 0,
  });
});

test('a downgrade costs nothing and waits for the end of what is paid', () => {
  expect(previewChange('studio_yearly', 'pro_yearly', created, middle)).toEqual({
    kind: 'downgrade',
    effectiveMs: Date.UTC(2027, 0, 1),
    dueNowCents: 0,
    creditsNow: 0,
    creditsPerMonth: 7_500_000,
  });
  expect(previewChange('pro_monthly', 'starter_monthly', created, middle).effectiveMs).toBe(Date.UTC(2026, 4, 1));
});

test('what one has already is no change', () => {
  expect(previewChange('pro_monthly', 'pro_monthly', created, middle)).toMatchObject({ kind: 'same', dueNowCents: 0 });
});

test('a year is counted from its beginning, whatever day that was', () => {
  const leap = Date.UTC(2024, 1, 29);
  expect(paidPeriod('pro_yearly', leap, Date.UTC(2025, 1, 28))).toEqual({
    startMs: Date.UTC(2025, 1, 28),
    endMs: Date.UTC(2026, 1, 28),
  });
});
