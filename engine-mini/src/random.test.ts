import { expect, test } from 'vitest';
import { normal, seededRandom, seedOfImage } from './random.ts';

const GOLDEN = [0.44813492987304926, 0.8392052818089724, 0.6843132660724223];

test('a seed gives the same numbers for ever', () => {
  const random = seededRandom(1234);
  expect([random(), random(), random()]).toEqual(GOLDEN);
  const again = seededRandom(1234);
  expect([again(), again(), again()]).toEqual(GOLDEN);
});

test('seeds run on after 2³² − 1', () => {
  expect([0, 1, 2].map((index) => seedOfImage(4_294_967_294, index))).toEqual([4_294_967_294, 4_294_967_295, 0]);
});

test('normal numbers have mean 0 and variance 1', () => {
  const random = seededRandom(7);
  const draws = Array.from({ length: 20_000 }, () => normal(random));
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.03);
});
