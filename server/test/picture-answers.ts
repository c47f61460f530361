import { expect } from 'vitest';
import { secret } from '#adapters/pictures/hostile-pictures.ts';
import { pngSize, readPngChunks } from '#adapters/pictures/png-chunks.ts';
import { PictureError, type Pictures } from '#adapters/pictures/port.ts';
import { mutantPictures } from '#adapters/pictures/test-pictures.ts';

/** The answer's code, or `picture`; a picture is checked to be nothing but pixels. Anything but these two fails the test. */
export async function answerTo(pictures: Pictures, bytes: Uint8Array): Promise<string> {
  try {
    const { png, width, height } = await pictures.decodeUpload(bytes);
    const chunks = readPngChunks(png);
    expect(pngSize(chunks)).toEqual({ width, height });
    expect(chunks[0]!.data[8]).toBe(8);
    expect(['IHDR', 'IDAT', 'IEND']).toEqual(expect.arrayContaining(chunks.map(({ type }) => type)));
    // Shorter ones, such as GPS, turn up by chance in some of ten thousand compressed pictures; there is no chunk left that could hold them.
    for (const mark of [secret, 'script', 'SECRET', 'ICC_PROFILE']) {
      expect(Buffer.from(png).includes(mark)).toBe(false);
    }
    return 'picture';
  } catch (error) {
    if (error instanceof PictureError) return error.code;
    throw error;
  }
}

/** Decodes that many damaged pictures and counts the answers. Each is a picture or a clean refusal. */
export async function answersToMutants(
  pictures: Pictures,
  count: number,
  seed: number,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  // In parts, so that ten thousand do not wait in memory at once.
  for (let from = 0; from < count; from += 500) {
    const mutants = await mutantPictures(Math.min(500, count - from), seed + from);
    for (const answer of await Promise.all(mutants.map((bytes) => answerTo(pictures, bytes))))
      counts[answer] = (counts[answer] ?? 0) + 1;
  }
  const clean = ['picture', 'corrupt', 'unsupported_type', 'too_many_pixels'];
  expect(clean).toEqual(expect.arrayContaining(Object.keys(counts)));
  return counts;
}
