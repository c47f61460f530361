import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coverCrop } from './cover-crop.ts';

test('a wide picture loses its sides, a tall one its top and bottom, in equal parts', () => {
  expect(coverCrop({ width: 400, height: 200 }, { width: 100, height: 100 })).toEqual({
    left: 100,
    top: 0,
    width: 200,
    height: 200,
  });
  expect(coverCrop({ width: 200, height: 400 }, { width: 512, height: 256 })).toEqual({
    left: 0,
    top: 150,
    width: 200,
    height: 100,
  });
});

test('the part lies inside the picture, is never empty and has the shape of the canvas', () => {
  const side = fc.integer({ min: 1, max: 16_383 });
  fc.assert(
    fc.property(side, side, side, side, (sw, sh, tw, th) => {
      const box = coverCrop({ width: sw, height: sh }, { width: tw, height: th });
      expect(Math.min(box.left, box.top)).toBeGreaterThanOrEqual(0);
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(1);
      expect(box.left + box.width).toBeLessThanOrEqual(sw);
      expect(box.top + box.height).toBeLessThanOrEqual(sh);
      // One side is kept whole, the other is off by less than a pixel.
      expect(box.width === sw || box.height === sh).toBe(true);
      expect(
        Math.min(Math.abs(box.width - (box.height * tw) / th), Math.abs(box.height - (box.width * th) / tw)),
      ).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500, seed: 3 },
  );
});
