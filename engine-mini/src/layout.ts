import { normal, type Random } from './random.ts';
import { OBJECTS_MAX, type Reading } from './words/read-prompt.ts';

/** Where an object lies: centre and size in half canvases, tilt in radians, mirrored or not. */
type Place = { x: number; y: number; size: number; tilt: number; mirror: boolean };
export type PlacedObject = { thing: number; hue: number; place: Place };

type Spot = { x: number; y: number; size: number };

/** The places that training used. `slant` (−0.15…0.15) sets two things beside each other a little apart in height. */
function spots(count: number, link: Reading['link'], slant: number): Spot[] {
  if (count === 1) return [{ x: 0, y: 0, size: 1 }];
  if (count === 2) {
    if (link === 'front')
      return [
        { x: -0.16, y: -0.16, size: 0.8 },
        { x: 0.5, y: 0.5, size: 0.46 },
      ];
    if (link === 'above')
      return [
        { x: 0, y: 0.24, size: 0.76 },
        { x: 0, y: -0.6, size: 0.42 },
      ];
    const size = 0.5 + 0.12 * Math.abs(slant);
    return [
      { x: -0.48, y: -slant, size },
      { x: 0.48, y: slant, size },
    ];
  }
  const row = (y: number): Spot[] => [-0.5, 0.5].map((x) => ({ x, y, size: 0.48 }));
  return count === 3 ? [...row(-0.48), { x: 0, y: 0.48, size: 0.48 }] : [...row(-0.48), ...row(0.48)];
}

/**
 * Lays out what was read; the first objects lie behind the later ones. `neutral`: an init picture says where things are, so nothing is tilted,
 * moved or mirrored; the same draws are taken. `isStill` names things that must not be mirrored (letters, flags).
 */
export function layOut(
  { things, link }: Pick<Reading, 'things' | 'link'>,
  random: Random,
  { neutral, isStill }: { neutral: boolean; isStill: (thing: number) => boolean },
): PlacedObject[] {
  const wanted = things.length > 0 ? things : [{ thing: 0, hue: 0, count: 1 }];
  const objects = wanted.flatMap(({ thing, hue, count }) => Array.from({ length: count }, () => ({ thing, hue })));
  const kept = objects.slice(0, OBJECTS_MAX);
  const amount = neutral ? 0 : kept.length === 1 ? 1 : 0.5;
  const slant = (random() - 0.5) * 0.3 * (neutral ? 0 : 1);
  const places = spots(kept.length, link, slant);
  return kept.map((object, i) => {
    const { x, y, size } = places[i] ?? { x: 0, y: 0, size: 1 };
    const degrees = Math.max(-12, Math.min(12, 5 * normal(random))) * amount;
    const scale = 1 + amount * (random() * 0.17 - 0.15);
    const [dx, dy] = [(random() - 0.5) * 0.12 * amount, (random() - 0.5) * 0.12 * amount];
    const mirror = random() < 0.35 && !neutral && !isStill(object.thing);
    return {
      ...object,
      place: { x: x + dx, y: y + dy, size: size * scale, tilt: (degrees * Math.PI) / 180, mirror },
    };
  });
}

/** The affine map from canvas to object, both −1…1, row by row. */
export function toTheta({ x, y, size, tilt, mirror }: Place): number[] {
  const cos = Math.cos(tilt) / size;
  const sin = Math.sin(tilt) / size;
  const flip = mirror ? -1 : 1;
  return [flip * cos, flip * sin, -flip * (cos * x + sin * y), -sin, cos, sin * x - cos * y];
}
