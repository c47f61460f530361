import { sharp } from './bounded-sharp.ts';
import { coverCrop } from './cover-crop.ts';

// These pictures live from the fitting to the engine: little effort on compression.
const png = { compressionLevel: 1, palette: false };

/** See `Pictures.fitInit`. */
export async function fitInit(bytes: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  const image = sharp(bytes);
  const source = await image.metadata();
  return image
    .extract(coverCrop(source, { width, height }))
    .resize(width, height, { fit: 'fill' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .png(png)
    .toBuffer();
}

/** See `Pictures.fitMask`. */
export async function fitMask(bytes: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  // Alpha goes in a pass of its own: scaling multiplies by it first, which would turn every transparent pixel black.
  const { data, info } = await sharp(bytes)
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
    .extract(coverCrop(info, { width, height }))
    .resize(width, height, { fit: 'fill' })
    .greyscale()
    .threshold(128)
    .toColourspace('b-w')
    .png(png)
    .toBuffer();
}
