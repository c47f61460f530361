import { quote } from '@pingvas/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CatalogueModel, timingKey } from '#features/models/index.ts';
import { priceShape, type PriceShape } from './price-request.ts';

const size = { width: 256, height: 256 };
const model: CatalogueModel = {
  id: 'tiny',
  engine: 'fake',
  name: 'Tiny',
  base: 'test',
  plans: null,
  loadMs: 1_000,
  imageMs: 3_000,
  available: true,
  memoryBytes: null,
  tooSmall: [],
  timings: new Map(),
  capabilities: {
    modes: ['txt2img'],
    sizes: { min: size, max: size, default: size, multipleOf: 64 },
    allowedSizes: [],
    steps: { min: 1, max: 50, default: 12 },
    guidance: { min: 1, max: 20, default: 4 },
    schedulers: ['euler'],
    styles: [],
    languages: ['ko'],
    adapters: { lorasMax: 0, controls: [], referencesMax: 0 },
    licence: 'MIT',
  },
};
const arbitraryShape: fc.Arbitrary<PriceShape> = fc.record({
  model: fc.constant('tiny'),
  mode: fc.constant('txt2img' as const),
  width: fc.integer({ min: 1, max: 2_048 }),
  height: fc.integer({ min: 1, max: 2_048 }),
  steps: fc.integer({ min: 1, max: 50 }),
  scheduler: fc.constant('euler'),
  guided: fc.boolean(),
  count: fc.integer({ min: 1, max: 8 }),
  loras: fc.nat({ max: 2 }),
  controls: fc.nat({ max: 2 }),
  references: fc.nat({ max: 2 }),
  factor: fc.integer({ min: 1, max: 4 }),
  apiCall: fc.boolean(),
});
const arbitrarySamples = fc
  .record({
    count: fc.nat({ max: 100 }),
    p50Ms: fc.double({ min: 1, max: 100_000, noNaN: true }),
    tail: fc.double({ min: 1, max: 10, noNaN: true }),
  })
  .map(({ tail, ...samples }) => ({ ...samples, p99Ms: samples.p50Ms * tail }));

test('a price follows the measured time of its shape: expected is the median, the ceiling its 99th percentile within 1.5 and 3 times that', () => {
  fc.assert(
    fc.property(arbitraryShape, arbitrarySamples, (shape, samples) => {
      const start = priceShape(shape, model);
      const price = priceShape(shape, { ...model, timings: new Map([[timingKey(shape), samples]]) });
      if (samples.count < 20) {
        expect(price).toEqual(start);
        return;
      }
      const [p50, p99] = [samples.p50Ms * shape.count, samples.p99Ms * shape.count];
      const [expected, ceiling] = [price.expected - price.surcharge, price.ceiling - price.surcharge];
      expect(price.surcharge).toBe(shape.apiCall ? 20_000 : 0);
      expect(expected).toBe(Math.ceil(p50));
      expect(ceiling).toBeGreaterThanOrEqual(Math.max(expected, 1.5 * p50));
      expect(ceiling).toBeLessThanOrEqual(Math.ceil(3 * p50));
      if (p99 > 1.5 * p50 && p99 < 3 * p50) expect(ceiling).toBe(Math.ceil(p99));
    }),
    { seed: 3 },
  );
});

test('measured times of another shape change nothing', () => {
  fc.assert(
    fc.property(arbitraryShape, arbitraryShape, (shape, other) => {
      fc.pre(timingKey(shape) !== timingKey(other));
      const timings = new Map([[timingKey(other), { count: 50, p50Ms: 1, p99Ms: 1 }]]);
      expect(priceShape(shape, { ...model, timings })).toEqual(priceShape(shape, model));
    }),
    { seed: 4 },
  );
});

test('without measurements the start value is expected and twice that the ceiling', () => {
  const [shape] = fc.sample(arbitraryShape, { numRuns: 1, seed: 5 });
  const price = priceShape(
    {
      ...shape!,
      ...size,
      steps: 12,
      guided: true,
      count: 2,
      loras: 0,
      controls: 0,
      references: 0,
      factor: 1,
      apiCall: false,
    },
    model,
  );
  expect(price).toEqual(
    quote({
      imageMs: 3_000,
      ...size,
      steps: 12,
      guidance: true,
      count: 2,
      loras: 0,
      controls: 0,
      references: 0,
      defaults: { ...size, steps: 12 },
      apiCall: false,
    }),
  );
  expect([price.expected, price.ceiling]).toEqual([6_000, 12_000]);
});
