import { expect, test } from 'vitest';
import {
  formatBytes,
  formatCredits,
  formatDay,
  formatDuration,
  formatPrice,
  formatShort,
  formatMoney,
  formatUsd,
} from './format.ts';

test('a price is never shown lower than it is', () => {
  expect([0.341, 1.01, 3.218, 12.01].map((credits) => formatPrice(credits, 'en'))).toEqual([
    '0.35',
    '1.1',
    '3.3',
    '13',
  ]);
});

test('what is left is never shown higher than it is', () => {
  expect([0.349, 12.39, 99.999, 7499.9].map((credits) => formatCredits(credits, 'en'))).toEqual([
    '0.34',
    '12.3',
    '99.9',
    '7,499',
  ]);
});

test('a receipt shows every milli-credit', () => {
  expect([3.218, 0.2].map((credits) => formatCredits(credits, 'ko', true))).toEqual(['3.218', '0.200']);
});

test('times are short', () => {
  expect([42, 420, 3_140].map((ms) => formatDuration(ms, 'en'))).toEqual(['0.04\u00a0s', '0.42\u00a0s', '3.1\u00a0s']);
  expect(formatDuration(420, 'ko')).toBe('0.42초');
});

test('money and storage are written as they are sold', () => {
  expect([25, 20.5].map((usd) => formatUsd(usd, 'ko'))).toEqual(['$25', '$20.50']);
  expect([7_500, 3_333].map((cents) => formatMoney(cents, 'usd', 'ko'))).toEqual(['$75.00', '$33.33']);
  expect([0, 999, 1_000_000_000, 12_340_000].map((bytes) => formatBytes(bytes, 'en'))).toEqual([
    '0\u00a0B',
    '999\u00a0B',
    '1\u00a0GB',
    '13\u00a0MB',
  ]);
});

test('in narrow places there are few characters, and never more than there is', () => {
  expect([0.99, 96.8, 987, 7_497, 12_999].map((amount) => formatShort(amount, 'en'))).toEqual([
    '0.9',
    '96',
    '987',
    '7.4K',
    '12K',
  ]);
  expect(formatShort(7_497, 'ko')).toBe('7.4천');
});

test('a day of another year names the year', () => {
  const now = new Date('2026-11-27T12:00:00Z');
  expect(formatDay('2026-12-27T12:00:00Z', 'ko', now)).toBe('12월 27일');
  expect(formatDay('2027-01-05T12:00:00Z', 'en', now)).toBe('Jan 5, 2027');
});
