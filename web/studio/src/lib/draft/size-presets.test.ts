import { expect, test } from 'vitest';
import { ratioName, sizePresets } from './size-presets.ts';

const sizes = {
  min: { width: 64, height: 64 },
  max: { width: 2_048, height: 2_048 },
  default: { width: 1_024, height: 1_024 },
  multiple_of: 8,
  only: [],
};

test('each preset lies on the grid, near its ratio and near the pixels of the default', () => {
  const presets = sizePresets(sizes);
  expect(presets.map(({ ratio }) => ratio)).toEqual(['1:1', '4:3', '3:4', '3:2', '2:3', '16:9', '9:16']);
  for (const { width, height } of presets) {
    expect([width % 8, height % 8]).toEqual([0, 0]);
    expect((width * height) / 1_024 ** 2).toBeCloseTo(1, 1);
  }
});

test('a model that draws some sizes only offers these', () => {
  expect(sizePresets({ ...sizes, only: [{ width: 256, height: 256 }] })).toEqual([
    { width: 256, height: 256, ratio: '1:1' },
  ]);
});

test('a coarse grid offers no size twice and none far from its name', () => {
  const presets = sizePresets({
    ...sizes,
    default: { width: 256, height: 256 },
    max: { width: 512, height: 512 },
    multiple_of: 64,
  });
  const names = presets.map(({ width, height }) => `${width}×${height}`);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('256×256');
  for (const { width, height, ratio } of presets) {
    const [a, b] = ratio.split(':').map(Number);
    expect(Math.abs(width / height / (a! / b!) - 1)).toBeLessThanOrEqual(0.1);
  }
});

test('an odd ratio is told in smallest numbers', () => {
  expect(ratioName({ width: 1_000, height: 300 })).toBe('10:3');
  expect(ratioName({ width: 1_368, height: 768 })).toBe('16:9');
});
