import { sharp } from './bounded-sharp.ts';
import { pngSize, readPngChunks } from './png-chunks.ts';
import type { PictureSize } from './port.ts';

/** See `Pictures.inspectPng`. */
export async function inspectPng(bytes: Uint8Array, limits: { pixelsMax: number }): Promise<PictureSize> {
  // libvips does not look at every check sum; a flipped bit must not reach a user as a paid picture.
  const size = pngSize(readPngChunks(bytes));
  await sharp(bytes, { failOn: 'warning', limitInputPixels: limits.pixelsMax }).raw().toBuffer();
  return size;
}
