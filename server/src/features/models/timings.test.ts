import { expect, test } from 'vitest';
import type { TimingRow } from './models.queries.ts';
import { timingKey } from './timing-shape.ts';
import { slowestByModel } from './timings.ts';

const row = (changes: Partial<TimingRow>): TimingRow => ({
  modelId: 'm',
  shape: 's',
  samples: 20,
  p50Ms: 1_000,
  p99Ms: 1_500,
  alive: true,
  ...changes,
});
const p50 = (...rows: TimingRow[]) => slowestByModel(rows).get('m')?.get('s')?.p50Ms;

test('the slowest device class with a living worker decides, in whatever order they come', () => {
  const rows = [row({ p50Ms: 800 }), row({ p50Ms: 1_200 }), row({ p50Ms: 9_000, alive: false })];
  expect(p50(...rows)).toBe(1_200);
  expect(p50(...rows.toReversed())).toBe(1_200);
});

test('without a living worker the slowest device class that was ever measured decides', () => {
  expect(p50(row({ p50Ms: 800, alive: false }), row({ p50Ms: 900, alive: false }))).toBe(900);
});

test('models and shapes do not mix', () => {
  const timings = slowestByModel([row({}), row({ modelId: 'n', p50Ms: 5 }), row({ shape: 't', p50Ms: 7 })]);
  expect([timings.get('m')?.get('s')?.p50Ms, timings.get('m')?.get('t')?.p50Ms]).toEqual([1_000, 7]);
  expect(timings.get('n')?.get('t')).toBeUndefined();
});

test('whatever changes the time of an image changes its key', () => {
  const shape = {
    mode: 'txt2img',
    width: 64,
    height: 128,
    steps: 4,
    scheduler: 'euler',
    guided: true,
    loras: 0,
    controls: 0,
    references: 0,
    factor: 1,
  };
  const changes = [
    { mode: 'img2img' },
    { width: 128, height: 64 },
    { steps: 5 },
    { scheduler: 'ddim' },
    { guided: false },
    { loras: 1 },
    { controls: 1 },
    { references: 1 },
    { factor: 2 },
  ];
  expect(new Set([shape, ...changes.map((change) => ({ ...shape, ...change }))].map(timingKey)).size).toBe(10);
});
