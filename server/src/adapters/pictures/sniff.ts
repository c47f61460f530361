/** What a file says it is, from its first bytes and chunk names; no pixel is decoded here. */

/** The picture types we take from outside. */
export type PictureType = 'png' | 'jpeg' | 'webp';

/** The type by the first bytes alone: names and declared content types are the sender's claims. Undefined for every other type. */
export function sniffType(bytes: Uint8Array): PictureType | undefined {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('RIFF') && head.endsWith('WEBP') && head.length === 12) return 'webp';
  return undefined;
}

/**
 * Whether an animation control chunk stands before the pixels of a PNG (PNG specification, third edition, §11.3.6.1). libvips would show
 * the first frame in silence, which may be another picture than the one the sender saw.
 */
export function isAnimatedPng(png: Uint8Array): boolean {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  for (let at = 8; at + 8 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
  }
  return false;
}
