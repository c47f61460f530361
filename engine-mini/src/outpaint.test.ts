import { expect, test } from 'vitest';
import { aroundInit, frameOf, placeInFrame, sewn, spread } from './outpaint.ts';

const frame = frameOf(64, { left: 32, top: 0, right: 64, bottom: 16 });
const plain = (side: number, value: number): Uint8Array => new Uint8Array(side * side * 3).fill(value);

test('the square that is painted holds the whole result, and only the init picture is left out of the mask', () => {
  expect(frame).toMatchObject({ side: 160, width: 160, height: 80 });
  const kept = aroundInit(frame).reduce((sum, each) => sum + 1 - each, 0);
  expect(kept).toBe(64 * 64);
  expect(aroundInit(frame)[32]).toBe(0);
  expect(aroundInit(frame)[31]).toBe(1);
});

test('what the prompt names lies where the init picture has it', () => {
  const place = { x: 0, y: 0, size: 1, tilt: 0, mirror: false };
  const [object] = placeInFrame([{ thing: 1, hue: 0, place }], frame);
  expect(object!.place.size).toBeCloseTo(0.4);
  expect([object!.place.x, object!.place.y]).toEqual([expect.closeTo(-0.2), expect.closeTo(-0.6)]);
});

test('the painted part meets the init picture in its own shades, and keeps its own far from it', async () => {
  const wide = await spread(plain(64, 200), frame);
  expect(wide).toHaveLength(160 * 160 * 3);
  const joined = await sewn(plain(160, 100), wide, frame);
  const at = (x: number, y: number): number => joined[3 * (y * 160 + x)]!;
  expect(at(96, 10)).toBeGreaterThan(195);
  expect(at(31, 10)).toBeGreaterThan(195);
  expect(at(159, 10)).toBe(100);
});
