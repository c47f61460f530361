/** Decoding a stranger's bytes. Runs inside a decoder process only: whatever a crafted file does to the decoder, it does there. */
import { asPictureError } from './as-picture-error.ts';
import { sharp } from './bounded-sharp.ts';
import { stripPng } from './png-text.ts';
import { PictureError, type PictureSize } from './port.ts';
import { isAnimatedPng, sniffType } from './sniff.ts';

export type DecodedPicture = { png: Uint8Array } & PictureSize;
export type PixelLimits = { pixelsMax: number; sideMax: number };

/**
 * A PNG, JPEG or WEBP as a plain PNG: upright, sRGB, 8 bit a channel, no metadata of any kind. The header alone decides on size and
 * frames, before any pixel is decoded.
 * @throws PictureError
 */
export async function decodePicture(bytes: Uint8Array, limits: PixelLimits): Promise<DecodedPicture> {
  const type = sniffType(bytes);
  if (type === undefined) throw new PictureError('unsupported_type', 'not a PNG, JPEG or WEBP');
  try {
    const { width, height, pages = 1, format } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (format !== type) throw new PictureError('unsupported_type', `says ${type}, is ${format}`);
    if (width * height > limits.pixelsMax || Math.max(width, height) > limits.sideMax) {
      throw new PictureError('too_many_pixels', `${width} x ${height}`);
    }
    if (pages > 1 || (type === 'png' && isAnimatedPng(bytes)))
      throw new PictureError('animated', `an animated ${type}`);
    const { data, info } = await sharp(bytes, {
      // Photographs with a small flaw that every browser shows pass; files that end early or are broken do not.
      failOn: 'error',
      limitInputPixels: limits.pixelsMax,
      autoOrient: true,
      sequentialRead: true,
    })
      .toColourspace('srgb')
      .png({ compressionLevel: 4, palette: false })
      .toBuffer({ resolveWithObject: true });
    return { png: stripPng(data), width: info.width, height: info.height };
  } catch (error) {
    throw asPictureError(error);
  }
}
