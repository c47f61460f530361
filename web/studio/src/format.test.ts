import { expect, test } from 'vitest';
import { formatCredits, formatDuration, formatPrice } from './format.ts';

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
