import { sharp } from './bounded-sharp.ts';
import type { PixelComparison } from './port.ts';

/** Side of what is compared for likeness, pixels: grain and compression vanish, shapes and colours stay. */
const side = 64;

/** See `Pictures.comparePixels`. */
export async function comparePixels(
  one: Uint8Array,
  other: Uint8Array,
  limits: { pixelsMax: number },
): Promise<PixelComparison> {
  const open = (bytes: Uint8Array) =>
    sharp(bytes, { failOn: 'warning', limitInputPixels: limits.pixelsMax }).toColourspace('srgb');
  const pixels = (bytes: Uint8Array) => open(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  // One after the other: a decoded picture may take a quarter of a gigabyte.
  const first = await pixels(one);
  const second = await pixels(other);
  const identical =
    first.info.width === second.info.width &&
    first.info.height === second.info.height &&
    first.data.equals(second.data);
  if (identical) return { identical, distance: 0 };
  const small = (bytes: Uint8Array) =>
    open(bytes).flatten({ background: '#ffffff' }).resize(side, side, { fit: 'fill' }).raw().toBuffer();
  return { identical, distance: rootMeanSquare(await small(one), await small(other)) };
}

/** Of bytes, as a share of their range. */
function rootMeanSquare(one: Uint8Array, other: Uint8Array): number {
  let sum = 0;
  for (const [i, value] of one.entries()) sum += (value - (other[i] ?? 0)) ** 2;
  return Math.sqrt(sum / one.length) / 255;
}
