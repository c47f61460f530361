import { describe, expect, test } from 'vitest';
import { layOut, toTheta } from './layout.ts';
import { seededRandom } from './random.ts';

const loose = { neutral: false, isStill: () => false };
const one = { things: [{ thing: 5, hue: 0, count: 1 }], link: 'beside' as const };

describe('layout', () => {
  test('never more than four objects, each where training has put objects', () => {
    for (let seed = 0; seed < 200; seed++)
      for (const count of [1, 2, 3, 4, 6]) {
        const objects = layOut({ ...one, things: [{ thing: 5, hue: 0, count }] }, seededRandom(seed), loose);
        expect(objects).toHaveLength(Math.min(4, count));
        for (const { place } of objects) {
          expect(Math.max(Math.abs(place.x), Math.abs(place.y)) + place.size).toBeLessThan(1.2);
          expect(Math.abs(place.tilt)).toBeLessThan(0.22);
        }
      }
  });

  test('with an init picture nothing is tilted, moved or mirrored', () => {
    for (const seed of [0, 1, 2, 3])
      expect(toTheta(layOut(one, seededRandom(seed), { ...loose, neutral: true })[0]!.place)).toEqual(
        [1, 0, 0, 0, 1, 0].map((value) => expect.closeTo(value)),
      );
  });

  test('letters and flags are never mirrored', () => {
    for (let seed = 0; seed < 100; seed++)
      expect(layOut(one, seededRandom(seed), { ...loose, isStill: () => true })[0]!.place.mirror).toBe(false);
  });

  test('the map takes the centre of an object to its origin and a mirrored edge to the other side', () => {
    const [a, b, c, d, e, f] = toTheta({ x: 0.3, y: -0.2, size: 0.5, tilt: 0, mirror: true }) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    expect(a * 0.3 + b * -0.2 + c).toBeCloseTo(0);
    expect(d * 0.3 + e * -0.2 + f).toBeCloseTo(0);
    expect(a * 0.8 + b * -0.2 + c).toBeCloseTo(-1);
  });
});
