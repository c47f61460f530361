/** For tests: small valid pictures, and pictures made to hurt a decoder. All are made by code, the random ones from a fixed seed. */
import { deflateSync } from 'node:zlib';
import { sharp } from './bounded-sharp.ts';
import { encodePng, readPngChunks, type PngChunk } from './png-chunks.ts';

/** Numbers from 0 to 2^32-1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** A picture with soft shapes and some grain, so that its compressed data are neither empty nor pure noise. */
export function aPicture(width: number, height: number, channels: 3 | 4 = 3) {
  const random = randomFrom(width * 31 + height);
  const data = Buffer.alloc(width * height * channels);
  for (let i = 0; i < data.length; i += 1) {
    const x = Math.floor(i / channels) % width;
    data[i] = i % channels === 3 ? 255 : ((x * 255) / width + (random() % 16)) % 256;
  }
  return sharp(data, { raw: { width, height, channels } });
}

export type PngParts = { width: number; height: number; bitDepth?: number; colourType?: number; pixels?: Buffer };

/** A PNG written by hand: header, then `before`, the deflated `pixels`, then `after`. */
export function rawPng(parts: PngParts, { before = [], after = [] }: { before?: PngChunk[]; after?: PngChunk[] } = {}) {
  const { width, height, bitDepth = 8, colourType = 2 } = parts;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, colourType], 8);
  const pixels = parts.pixels ?? Buffer.alloc((1 + width * 3) * height);
  return encodePng([
    { type: 'IHDR', data: header },
    ...before,
    { type: 'IDAT', data: deflateSync(pixels, { level: 1 }) },
    ...after,
    { type: 'IEND', data: Buffer.alloc(0) },
  ]);
}

/** The same PNG with more chunks behind its header. */
export function withChunks(png: Uint8Array, ...chunks: PngChunk[]): Buffer {
  const all = readPngChunks(png);
  return encodePng([...all.slice(0, 1), ...chunks, ...all.slice(1)]);
}

export function textChunk(keyword: string, text: string): PngChunk {
  return { type: 'tEXt', data: Buffer.from(`${keyword}\0${text}`, 'latin1') };
}

/** Copies of valid files with 1 to 24 bytes changed, inserted or cut out anywhere. */
export async function mutantPictures(count: number, seed: number): Promise<Buffer[]> {
  const picture = aPicture(64, 48, 4);
  const originals = await Promise.all([
    picture.clone().png().toBuffer(),
    picture.clone().png({ progressive: true, palette: true }).toBuffer(),
    picture.clone().jpeg().toBuffer(),
    picture.clone().jpeg({ progressive: true }).toBuffer(),
    picture.clone().webp().toBuffer(),
    picture.clone().webp({ lossless: true }).toBuffer(),
  ]);
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, n) => {
    let bytes = Buffer.from(originals[n % originals.length] ?? []);
    for (let changes = 1 + (random() % 24); changes > 0; changes -= 1) {
      const at = random() % bytes.length;
      const kind = random() % 10;
      if (kind === 0) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + (random() % 8))]);
      else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), Buffer.of(random()), bytes.subarray(at)]);
      else bytes[at] = kind === 2 ? 0xff : random();
    }
    return bytes;
  });
}
