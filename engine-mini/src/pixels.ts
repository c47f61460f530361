import sharp, { type Sharp } from 'sharp';
import { GRID, SIDE } from './latent.ts';

/** RGB bytes of a square picture, row by row. */
export type Pixels = Uint8Array;

// The engine renders one picture at a time; more threads would only take the cores of its neighbours.
sharp.concurrency(1);
sharp.cache(false);

const PREVIEW_SIDE = 128;
/** Luminance from which a mask's pixel is painted anew. */
const REPAINT_FROM = 128;

const sideOf = (values: { length: number }, channels = 3): number => Math.round(Math.sqrt(values.length / channels));

/** A square picture in sharp's hands. */
export const raw = (pixels: Pixels): Sharp => {
  const side = sideOf(pixels);
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } });
};

function assertSide(name: string, { width, height }: { width: number; height: number }, side: number): void {
  if (width !== side || height !== side)
    throw new RangeError(`The ${name} is ${width}×${height}, the canvas is ${side}×${side}`);
}

/** Reads an init picture of canvas size. Transparent parts become white, the colour that training put behind its drawings. */
export async function readPicture(encoded: Uint8Array, side = SIDE): Promise<Pixels> {
  const picture = sharp(encoded).flatten({ background: '#fff' }).toColourspace('srgb').removeAlpha();
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  assertSide('init image', info, side);
  return data;
}

/** The picture at another side (Lanczos). */
export async function resized(pixels: Pixels, side: number): Promise<Pixels> {
  return sideOf(pixels) === side ? pixels : raw(pixels).resize(side).raw().toBuffer();
}

/** Reads a mask of canvas size: one byte per pixel, 1 = paint anew. Alpha is ignored. */
export async function readMask(encoded: Uint8Array, side = SIDE): Promise<Uint8Array> {
  const { data, info } = await sharp(encoded)
    .removeAlpha()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  assertSide('mask', info, side);
  return Uint8Array.from({ length: side * side }, (_, i) => ((data[i * info.channels] ?? 0) >= REPAINT_FROM ? 1 : 0));
}

/** The mask on the latent grid: a cell is painted anew as soon as one of its pixels is, else that pixel would keep its old colours. */
export function maskOnGrid(mask: Uint8Array): Float32Array {
  const grid = new Float32Array(GRID * GRID);
  const side = sideOf(mask, 1);
  const cell = side / GRID;
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      if (mask[y * side + x] === 1) grid[Math.floor(y / cell) * GRID + Math.floor(x / cell)] = 1;
  return grid;
}

/** The painted picture with every pixel outside the mask as it was: the autoencoder alone would soften what must stay. */
export function keepOutside(mask: Uint8Array, painted: Pixels, init: Pixels): Pixels {
  return painted.map((value, i) => (mask[Math.floor(i / 3)] === 1 ? value : (init[i] ?? 0)));
}

/** RGB bytes → planes in −1…1, as the encoder wants them. */
export function toPlanes(pixels: Pixels): Float32Array {
  const area = pixels.length / 3;
  const planes = new Float32Array(pixels.length);
  for (let i = 0; i < area; i++)
    for (let colour = 0; colour < 3; colour++) planes[colour * area + i] = (pixels[i * 3 + colour] ?? 0) / 127.5 - 1;
  return planes;
}

/** Planes in −1…1 → RGB bytes. */
export function fromPlanes(planes: Float32Array): Pixels {
  const area = planes.length / 3;
  const pixels = new Uint8Array(planes.length);
  for (let i = 0; i < area; i++)
    for (let colour = 0; colour < 3; colour++)
      pixels[i * 3 + colour] = Math.round(Math.max(0, Math.min(255, ((planes[colour * area + i] ?? 0) + 1) * 127.5)));
  return pixels;
}

/** As a PNG; with a size, only that part from the left top. */
export async function toPng(pixels: Pixels, part?: { width: number; height: number }): Promise<Uint8Array> {
  const whole = raw(pixels);
  return (part ? whole.extract({ left: 0, top: 0, width: part.width, height: part.height }) : whole).png().toBuffer();
}

/** A small WEBP (128 × 128, about 2 kB) of the picture so far. */
export async function toPreview(pixels: Pixels): Promise<Uint8Array> {
  return raw(pixels).resize(PREVIEW_SIDE).webp({ quality: 60, effort: 0 }).toBuffer();
}
