import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answersToMutants, answerTo } from '#test/picture-answers.ts';
import { hostilePictures, type HostilePicture } from './hostile-pictures.ts';
import type { Pictures } from './port.ts';
import { createPictures } from './sharp.ts';
import { sharp } from './bounded-sharp.ts';
import { aPicture } from './test-pictures.ts';

let pictures: Pictures;
beforeAll(() => {
  pictures = createPictures();
});
afterAll(() => pictures.close());

describe('200 uploads from a stranger', () => {
  test('each handmade one gets its answer and leaves nothing behind in a picture', async () => {
    const items = await hostilePictures();
    expect(items.length).toBeGreaterThanOrEqual(50);
    const wrong = await Promise.all(
      items.map(async ({ name, bytes, answers }: HostilePicture) => {
        const answer = await answerTo(pictures, bytes);
        return (answers as string[]).includes(answer) ? [] : [`${name}: ${answer}`];
      }),
    );
    expect(wrong.flat()).toEqual([]);
  });

  test('each of 150 damaged ones is a picture or a clean refusal', async () => {
    const counts = await answersToMutants(pictures, 150, 20_26);
    // Both sides were met, so the mutants are neither harmless nor all rubbish.
    expect(counts['picture']).toBeGreaterThan(10);
    expect(counts['corrupt']).toBeGreaterThan(10);
  });

  test('an honest picture is still decoded after all of them', async () => {
    expect(await answerTo(pictures, await aPicture(64, 64).jpeg().toBuffer())).toBe('picture');
  });
});

test('the pixels of a PNG come out as they went in', async () => {
  const picture = aPicture(70, 50, 4);
  const { png } = await pictures.decodeUpload(await picture.clone().png().toBuffer());
  expect((await sharp(png).raw().toBuffer()).equals(await picture.raw().toBuffer())).toBe(true);
});

test('a photograph taken with the camera on its side comes out upright', async () => {
  const [width, height] = [40, 30];
  const [red, blue] = [
    [255, 0, 0],
    [0, 0, 255],
  ];
  const data = Buffer.from(Array.from({ length: width * height }, (_, i) => (i % width < 20 ? red : blue)).flat());
  // Stored with red on the left; orientation 6 asks for a quarter turn clockwise, so red belongs on top.
  const stored = await sharp(data, { raw: { width, height, channels: 3 } })
    .withMetadata({ orientation: 6 })
    .png()
    .toBuffer();
  const upright = await pictures.decodeUpload(stored);
  expect([upright.width, upright.height]).toEqual([height, width]);
  const pixels = await sharp(upright.png).raw().toBuffer();
  expect([...pixels.subarray(0, 3)]).toEqual(red);
  expect([...pixels.subarray(-3)]).toEqual(blue);
});

test('colours with a profile of their own come out as the same colours in sRGB', async () => {
  const { png } = await pictures.decodeUpload(
    await sharp({ create: { width: 8, height: 8, channels: 3, background: '#c08040' } })
      .withIccProfile('p3')
      .png()
      .toBuffer(),
  );
  const [red, green, blue] = await sharp(png).raw().toBuffer();
  expect(Math.abs(red! - 0xc0) + Math.abs(green! - 0x80) + Math.abs(blue! - 0x40)).toBeLessThan(6);
});
