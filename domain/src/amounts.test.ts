import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toCredits, toMilli } from './amounts.ts';

test('every stored amount goes out and comes back unchanged', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 }), (milli) => {
      expect(toMilli(toCredits(milli))).toBe(milli);
    }),
    { seed: 1 },
  );
});

test.each([0.0001, 1.2345, Number.NaN, Infinity, 1e16])('%d is no amount of credits', (credits) => {
  expect(() => toMilli(credits)).toThrow(RangeError);
});
