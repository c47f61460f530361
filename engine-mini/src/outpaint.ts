import { raw, type Pixels } from './pixels.ts';
import type { PlacedObject } from './layout.ts';

/** Pixels added to each side of the canvas. */
export type Sides = { left: number; top: number; right: number; bottom: number };

/** A wider canvas around an init picture: the square that is painted, the part of it that was asked for, and where the init picture lies. */
export type Frame = { side: number; width: number; height: number; left: number; top: number; init: number };

/** Share of the square over which the painted part takes on the shades it meets at the seam. */
const SEAM_SHARE = 1 / 4;
/** Pixels over which grain is taken out of shades (sigma). */
const SOFT = 4;

/** `init`: side of the init picture. The square is the smallest that holds the result, which lies at its left top. */
export function frameOf(init: number, { left, top, right, bottom }: Sides): Frame {
  const [width, height] = [init + left + right, init + top + bottom];
  return { side: Math.max(width, height), width, height, left, top, init };
}

/** The init picture on the square; its border runs on to the edges, which is what the sampling starts from. */
export async function spread(pixels: Pixels, { side, left, top, init }: Frame): Promise<Pixels> {
  const sides = { left, top, right: side - init - left, bottom: side - init - top };
  return raw(pixels)
    .extend({ ...sides, extendWith: 'copy' })
    .raw()
    .toBuffer();
}

/** One byte a pixel of the square: 0 on the init picture, 1 where it is painted. */
export function aroundInit({ side, left, top, init }: Frame): Uint8Array {
  const mask = new Uint8Array(side * side).fill(1);
  for (let y = top; y < top + init; y++) mask.fill(0, y * side + left, y * side + left + init);
  return mask;
}

/** The objects where the init picture has them: the prompt says what is in it, and around it the ground goes on. */
export function placeInFrame(objects: PlacedObject[], { side, left, top, init }: Frame): PlacedObject[] {
  const scale = init / side;
  const [x, y] = [left, top].map((offset) => (2 * offset + init) / side - 1);
  return objects.map(({ place, ...object }) => ({
    ...object,
    place: { ...place, x: (x ?? 0) + place.x * scale, y: (y ?? 0) + place.y * scale, size: place.size * scale },
  }));
}

/**
 * The painted square without a seam: the soft shades of the init picture's border run on into what was painted, less and less with the distance;
 * the painted detail stays. Both pictures are of the square's size.
 */
export async function sewn(painted: Pixels, init: Pixels, { side, left, top, init: size }: Frame): Promise<Pixels> {
  const soften = (pixels: Pixels): Promise<Pixels> => raw(pixels).blur(SOFT).raw().toBuffer();
  const [border, shades] = await Promise.all([soften(init), soften(painted)]);
  const clamp = (value: number, from: number): number => Math.max(from, Math.min(from + size - 1, value));
  const result = new Uint8ClampedArray(painted);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [u, v] = [clamp(x, left), clamp(y, top)];
      const share = 1 - Math.max(Math.abs(x - u), Math.abs(y - v)) / (side * SEAM_SHARE);
      const [at, near] = [3 * (y * side + x), 3 * (v * side + u)];
      for (let c = 0; c < 3 && share > 0; c++)
        result[at + c] = (painted[at + c] ?? 0) + share * ((border[near + c] ?? 0) - (shades[at + c] ?? 0));
    }
  return new Uint8Array(result.buffer);
}
