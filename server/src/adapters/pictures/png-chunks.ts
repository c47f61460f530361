/** PNG as a list of chunks (PNG specification, third edition, §5). Pixels are never decoded here. */
import { crc32 } from 'node:zlib';
import { PictureError } from './port.ts';

export type PngChunk = { type: string; data: Buffer };

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Length, type and check sum around a chunk's data. */
const FRAME_BYTES = 12;

/** Chunks that say what the pixels are. Everything else is words, known or unknown: an engine may hide its graph anywhere. */
const pictureChunks = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'cICP', 'sBIT']);

/**
 * All chunks from IHDR to IEND, check sums verified; what follows IEND is no part of the picture and left out.
 * The data are views of `png`.
 * @throws PictureError `corrupt`
 */
export function readPngChunks(png: Uint8Array): PngChunk[] {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw corrupt('no signature');
  const chunks: PngChunk[] = [];
  let at = SIGNATURE.length;
  while (at + FRAME_BYTES <= bytes.length) {
    const end = at + FRAME_BYTES + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    const typeAndData = bytes.subarray(at + 4, end - 4);
    if (crc32(typeAndData) !== bytes.readUInt32BE(end - 4)) throw corrupt('a chunk is damaged');
    const type = typeAndData.toString('latin1', 0, 4);
    if ((chunks.length === 0) !== (type === 'IHDR')) throw corrupt('not one header, first');
    chunks.push({ type, data: typeAndData.subarray(4) });
    if (type === 'IEND') return chunks;
    at = end;
  }
  throw corrupt('it ends too early');
}

/** Only the chunks that a decoder needs to show the picture as it is. @throws PictureError `corrupt` */
export function readPictureChunks(png: Uint8Array): PngChunk[] {
  return readPngChunks(png).filter(({ type }) => pictureChunks.has(type));
}

/** The file of these chunks, with new check sums. */
export function encodePng(chunks: PngChunk[]): Buffer {
  return Buffer.concat([SIGNATURE, ...chunks.flatMap(encodeChunk)]);
}

/** Size in pixels out of the header chunk. @throws PictureError `corrupt` */
export function pngSize(chunks: PngChunk[]): { width: number; height: number } {
  const header = chunks[0]?.data;
  if (header?.length !== 13) throw corrupt('the header has the wrong length');
  return { width: header.readUInt32BE(0), height: header.readUInt32BE(4) };
}

function encodeChunk({ type, data }: PngChunk): Buffer[] {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length, 0);
  head.write(type, 4, 'latin1');
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(data, crc32(head.subarray(4))), 0);
  return [head, data, sum];
}

function corrupt(what: string): PictureError {
  return new PictureError('corrupt', `PNG: ${what}`);
}
