import sharp from 'sharp';
import { expect, test } from 'vitest';
import { SIDE } from './latent.ts';
import { fromPlanes, keepOutside, maskOnGrid, readMask, readPicture, toPlanes, toPng } from './pixels.ts';

const plain = (background: string, width = SIDE): Promise<Buffer> =>
  sharp({ create: { width, height: SIDE, channels: 4, background } })
    .png()
    .toBuffer();
const noisy = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * 7919) % 256);

test('a picture survives PNG and the planes of the encoder unchanged', async () => {
  expect(Buffer.compare(fromPlanes(toPlanes(noisy)), noisy)).toBe(0);
  expect(Buffer.compare(await readPicture(await toPng(noisy)), noisy)).toBe(0);
});

test('transparent parts of an init picture become white', async () => {
  expect((await readPicture(await plain('rgba(255, 0, 0, 0)'))).every((value) => value === 255)).toBe(true);
});

test.each([
  ['#7f7f7f', 0],
  ['#808080', 1],
  ['rgba(255, 255, 255, 0)', 1],
])('a mask of %s paints anew: %i', async (colour, expected) => {
  expect((await readMask(await plain(colour))).every((value) => value === expected)).toBe(true);
});

test('one pixel of a mask is enough to paint its cell anew, and that pixel alone changes', () => {
  const mask = new Uint8Array(SIDE * SIDE);
  mask[17 * SIDE + 40] = 1;
  const grid = maskOnGrid(mask);
  expect(grid.reduce((sum, cell) => sum + cell)).toBe(1);
  expect(grid[2 * 32 + 5]).toBe(1);
  const painted = noisy.map((value) => 255 - value);
  const kept = keepOutside(mask, painted, noisy);
  const changed = Array.from(kept.entries()).flatMap(([i, value]) => (value === noisy[i] ? [] : [Math.floor(i / 3)]));
  expect(new Set(changed)).toEqual(new Set([17 * SIDE + 40]));
});

test('a picture of another size is refused', async () => {
  await expect(readPicture(await plain('#fff', 128))).rejects.toThrow('128×256');
  await expect(readMask(await plain('#fff', 128))).rejects.toThrow('128×256');
});
