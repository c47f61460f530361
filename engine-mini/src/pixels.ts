import sharp, { type Sharp } from 'sharp';
import { CELL, GRID, SIDE } from './latent.ts';

/** RGB bytes, `SIDE × SIDE × 3`. */
export type Pixels = Uint8Array;

// The engine renders one picture at a time; more threads would only take the cores of its neighbours.
sharp.concurrency(1);
sharp.cache(false);

const AREA = SIDE * SIDE;
const PREVIEW_SIDE = 128;
/** Luminance from which a mask's pixel is painted anew. */
const REPAINT_FROM = 128;

const raw = (pixels: Pixels): Sharp => sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } });

function assertSide(name: string, { width, height }: { width: number; height: number }): void {
  if (width !== SIDE || height !== SIDE)
    throw new RangeError(`The ${name} is ${width}×${height}, the canvas is ${SIDE}×${SIDE}`);
}

/** Reads an init picture of canvas size. Transparent parts become white, the colour that training put behind its drawings. */
export async function readPicture(encoded: Uint8Array): Promise<Pixels> {
  const picture = sharp(encoded).flatten({ background: '#fff' }).toColourspace('srgb').removeAlpha();
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  assertSide('init image', info);
  return data;
}

/** Reads a mask of canvas size: one byte per pixel, 1 = paint anew. Alpha is ignored. */
export async function readMask(encoded: Uint8Array): Promise<Uint8Array> {
  const { data, info } = await sharp(encoded)
    .removeAlpha()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  assertSide('mask', info);
  return Uint8Array.from({ length: AREA }, (_, i) => ((data[i * info.channels] ?? 0) >= REPAINT_FROM ? 1 : 0));
}

/** The mask on the latent grid: a cell is painted anew as soon as one of its pixels is, else that pixel would keep its old colours. */
export function maskOnGrid(mask: Uint8Array): Float32Array {
  const grid = new Float32Array(GRID * GRID);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++)
      if (mask[y * SIDE + x] === 1) grid[Math.floor(y / CELL) * GRID + Math.floor(x / CELL)] = 1;
  return grid;
}

/** The painted picture with every pixel outside the mask as it was: the autoencoder alone would soften what must stay. */
export function keepOutside(mask: Uint8Array, painted: Pixels, init: Pixels): Pixels {
  return painted.map((value, i) => (mask[Math.floor(i / 3)] === 1 ? value : (init[i] ?? 0)));
}

/** RGB bytes → planes in −1…1, as the encoder wants them. */
export function toPlanes(pixels: Pixels): Float32Array {
  const planes = new Float32Array(3 * AREA);
  for (let i = 0; i < AREA; i++)
    for (let colour = 0; colour < 3; colour++) planes[colour * AREA + i] = (pixels[i * 3 + colour] ?? 0) / 127.5 - 1;
  return planes;
}

/** Planes in −1…1 → RGB bytes. */
export function fromPlanes(planes: Float32Array): Pixels {
  const pixels = new Uint8Array(3 * AREA);
  for (let i = 0; i < AREA; i++)
    for (let colour = 0; colour < 3; colour++)
      pixels[i * 3 + colour] = Math.round(Math.max(0, Math.min(255, ((planes[colour * AREA + i] ?? 0) + 1) * 127.5)));
  return pixels;
}

export async function toPng(pixels: Pixels): Promise<Uint8Array> {
  return raw(pixels).png().toBuffer();
}

/** A small WEBP (128 × 128, about 2 kB) of the picture so far. */
export async function toPreview(pixels: Pixels): Promise<Uint8Array> {
  return raw(pixels).resize(PREVIEW_SIDE).webp({ quality: 60, effort: 0 }).toBuffer();
}
