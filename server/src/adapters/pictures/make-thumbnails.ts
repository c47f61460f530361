import { sharp } from './bounded-sharp.ts';
import type { Thumbnails } from './port.ts';

// Effort 2 makes files of the same size as the default 4 in 60 % of the time.
const webp = { effort: 2 };
const within = { fit: 'inside', withoutEnlargement: true } as const;

/** See `Pictures.thumbnails`. The PNG is decoded once: 512 as pixels, and 256 from them. One after the other, so that one picture is one thread. */
export async function makeThumbnails(png: Uint8Array, limits: { pixelsMax: number }): Promise<Thumbnails> {
  const { data, info } = await sharp(png, { limitInputPixels: limits.pixelsMax })
    .resize(512, 512, within)
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const pixels = { raw: { width: info.width, height: info.height, channels: info.channels } };
  return {
    512: await sharp(data, pixels).webp(webp).toBuffer(),
    256: await sharp(data, pixels).resize(256, 256, within).webp(webp).toBuffer(),
  };
}
