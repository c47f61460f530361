import { createRequire } from 'node:module';
import { makeThumbnails } from '../../server/src/adapters/pictures/make-thumbnails.ts';
import { atLeast, type Bench, type Row } from '../harness/bench.ts';
import { medianOf } from '../harness/statistics.ts';

type Image = {
  resize: (width: number, height: number, options?: object) => Image;
  webp: (options: object) => Image;
  png: () => Image;
  clone: () => Image;
  toBuffer: () => Promise<Buffer>;
};
type Sharp = (input: Uint8Array, options?: object) => Image;

const side = 1_024;

/** A picture that is neither flat nor noise: gradients, edges and some grain. */
function drawPicture(): Buffer {
  const pixels = Buffer.alloc(side * side * 3);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const at = (y * side + x) * 3;
      const grain = ((x * 7_919 + y * 104_729) >>> 3) % 13;
      pixels[at] = (x >> 2) + grain;
      pixels[at + 1] = ((x ^ y) & 64 ? 180 : 60) + grain;
      pixels[at + 2] = 128 + 100 * Math.sin(x / 40) * Math.cos(y / 55);
    }
  return pixels;
}

export const bench: Bench = {
  summary: `thumbnails of 512 and 256 px from a PNG of ${side}², beside the shortest program that does it with sharp; size = pictures a round (60)`,
  run: async ({ rounds, size: pictures = 60, say }) => {
    // The server's own sharp: the same library on both sides.
    const load = createRequire(new URL('../../server/package.json', import.meta.url));
    const sharp = load('sharp') as Sharp;
    const png = await sharp(drawPicture(), { raw: { width: side, height: side, channels: 3 } })
      .png()
      .toBuffer();
    const subjects: Record<string, () => Promise<unknown>> = {
      ours: () => makeThumbnails(png, { pixelsMax: side * side }),
      'bare sharp': async () => {
        for (const size of [512, 256])
          await sharp(png).resize(size, size, { fit: 'inside' }).webp({ effort: 2 }).toBuffer();
      },
      'bare sharp, its own defaults': async () => {
        for (const size of [512, 256]) await sharp(png).resize(size, size, { fit: 'inside' }).webp({}).toBuffer();
      },
    };
    const rows: Row[] = [];
    for (let round = 0; round <= rounds; round++)
      for (const [subject, make] of Object.entries(subjects)) {
        const startMs = performance.now();
        for (let n = 0; n < pictures; n++) await make();
        const perSecond = (pictures / (performance.now() - startMs)) * 1_000;
        if (round === 0) continue;
        rows.push({ round, subject, per_s: perSecond });
        say(`round ${round}: ${subject}: ${perSecond.toFixed(1)}/s`);
      }
    const ratio = medianOf(rows, 'ours', 'per_s') / medianOf(rows, 'bare sharp', 'per_s');
    return {
      rows,
      must: [atLeast('pairs of thumbnails per second, times bare sharp', ratio, 0.95)],
      notes: ['One picture at a time, one thread, both with the effort of 2 that ours uses.'],
    };
  },
};
