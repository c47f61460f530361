import { expect, test } from 'vitest';
import { sideMax, withSide } from './sides.ts';

const sizes = {
  min: { width: 64, height: 64 },
  max: { width: 512, height: 512 },
  default: { width: 256, height: 256 },
  multiple_of: 64,
  only: [],
};
const canvas = { width: 256, height: 256 };
const none = { left: 0, top: 0, right: 0, bottom: 0 };

test('a side grows on the grid, and never below nothing', () => {
  expect(withSide(none, 'left', 100, canvas, sizes).left).toBe(128);
  expect(withSide(none, 'top', -50, canvas, sizes).top).toBe(0);
});

test('both sides together stay within the largest canvas', () => {
  const sides = withSide({ ...none, right: 192 }, 'left', 500, canvas, sizes);
  expect(sides).toMatchObject({ left: 64, right: 192 });
  expect(sideMax('bottom', sides, canvas, sizes)).toBe(256);
});
