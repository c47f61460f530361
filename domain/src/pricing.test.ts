import fc from 'fast-check';
import { expect, test } from 'vitest';
import { billedMilli, type PriceInputs, quote, receiptLines } from './pricing.ts';

const inputs: PriceInputs = {
  imageMs: 3_000,
  width: 512,
  height: 512,
  steps: 20,
  guidance: true,
  count: 1,
  loras: 0,
  controls: 0,
  references: 0,
  defaults: { width: 512, height: 512, steps: 20 },
};

test('with too few samples a request is quoted at the start value and held at twice that', () => {
  expect(quote({ ...inputs, apiCall: false })).toMatchObject({ expected: 3_000, ceiling: 6_000, surcharge: 0 });
  const samples = { count: 19, p50Ms: 1, p99Ms: 1 };
  expect(quote({ ...inputs, apiCall: false, samples })).toMatchObject({ expected: 3_000, ceiling: 6_000 });
});

test.each([
  { p99Ms: 1_100, ceiling: 1_500, why: 'never below 1.5 times the expected' },
  { p99Ms: 2_000, ceiling: 2_000, why: 'the 99th percentile in between' },
  { p99Ms: 9_000, ceiling: 3_000, why: 'never above 3 times the expected' },
])('the ceiling is $why', ({ p99Ms, ceiling }) => {
  const samples = { count: 20, p50Ms: 1_000, p99Ms };
  expect(quote({ ...inputs, apiCall: false, samples })).toMatchObject({ expected: 1_000, ceiling });
});

test('a request is rounded up once, not per image', () => {
  const samples = { count: 20, p50Ms: 1_000.1, p99Ms: 1_000.1 };
  expect(quote({ ...inputs, count: 3, apiCall: false, samples })).toMatchObject({ expected: 3_001, ceiling: 4_501 });
});

test('an API call adds twenty credits once, whatever the count', () => {
  const { expected, ceiling, breakdown } = quote({ ...inputs, count: 4, apiCall: true });
  expect([expected, ceiling]).toEqual([32_000, 44_000]);
  expect(breakdown).toEqual([
    { item: 'gpu_seconds', quantity: 12, milli: 12_000 },
    { item: 'api_call', quantity: 1, milli: 20_000 },
  ]);
});

test('more pixels, steps, images or extras never cost less', () => {
  const more = fc.constantFrom('width', 'height', 'steps', 'count', 'loras', 'controls', 'references');
  fc.assert(
    fc.property(more, fc.integer({ min: 1, max: 64 }), (field, by) => {
      const before = quote({ ...inputs, apiCall: false });
      const after = quote({ ...inputs, [field]: inputs[field as 'width'] + by, apiCall: false });
      expect(after.expected).toBeGreaterThanOrEqual(before.expected);
      expect(after.ceiling).toBeGreaterThanOrEqual(after.expected);
    }),
    { seed: 1 },
  );
});

test('the phases are summed before they are rounded, and only once', () => {
  expect(billedMilli({ encodeUs: 900, denoiseUs: 900, decodeUs: 900 })).toBe(2);
  expect(billedMilli({ encodeUs: 0, denoiseUs: 999, decodeUs: 0 })).toBe(0);
});

test('the lines of a receipt add up to what was charged', () => {
  fc.assert(
    fc.property(fc.nat({ max: 100_000 }), fc.boolean(), (chargedMilli, apiCall) => {
      const lines = receiptLines(chargedMilli, apiCall ? 20_000 : 0);
      expect(lines.reduce((total, line) => total + line.milli, 0)).toBe(chargedMilli);
    }),
    { seed: 1 },
  );
  expect(receiptLines(0, 20_000)).toEqual([]);
});
