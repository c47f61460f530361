import { afterAll, expect, test } from 'vitest';
import { sharp } from './bounded-sharp.ts';
import { createPictures } from './sharp.ts';
import { aPicture, rawPng, textChunk, withChunks } from './test-pictures.ts';

const pictures = createPictures();
afterAll(() => pictures.close());

const sizeOf = async (bytes: Uint8Array) => {
  const { format, width, height } = await sharp(bytes).metadata();
  return `${format} ${width}x${height}`;
};
const plain = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 4, background } });

test('thumbnails are WEBPs that fit their square and are never enlarged', async () => {
  const of = async (width: number, height: number) => {
    const thumbnails = await pictures.thumbnails(await aPicture(width, height).png().toBuffer());
    return [await sizeOf(thumbnails[512]), await sizeOf(thumbnails[256])];
  };
  expect(await of(1024, 768)).toEqual(['webp 512x384', 'webp 256x192']);
  expect(await of(300, 600)).toEqual(['webp 256x512', 'webp 128x256']);
  expect(await of(256, 256)).toEqual(['webp 256x256', 'webp 256x256']);
  expect(await of(64, 32)).toEqual(['webp 64x32', 'webp 64x32']);
});

test('thumbnails keep the look of a picture: its colours, its transparency, 16 bit or not', async () => {
  for (const space of ['srgb', 'rgb16'] as const) {
    const png = await plain(700, 700, '#20c04080').toColourspace(space).png().toBuffer();
    const { 256: small } = await pictures.thumbnails(png);
    const pixel = [...(await sharp(small).raw().toBuffer()).subarray(0, 4)];
    for (const [i, wanted] of [0x20, 0xc0, 0x40, 0x80].entries()) {
      expect(Math.abs(pixel[i]! - wanted)).toBeLessThan(8);
    }
  }
});

test('many thumbnails at once are all made', async () => {
  const png = await aPicture(512, 512).png().toBuffer();
  const made = await Promise.all(Array.from({ length: 12 }, () => pictures.thumbnails(png)));
  expect(new Set(made.map(({ 512: medium }) => Buffer.from(medium).toString('base64'))).size).toBe(1);
});

test('a whole PNG is inspected to its size, whatever words are in it', async () => {
  const png = withChunks(await aPicture(80, 60).png().toBuffer(), textChunk('a', 'b'));
  expect(await pictures.inspectPng(png)).toEqual({ width: 80, height: 60 });
});

test('a PNG with one byte wrong anywhere, cut short or of another kind is no result', async () => {
  const png = await aPicture(20, 20).png().toBuffer();
  const corrupt = { name: 'PictureError', code: 'corrupt' };
  for (let at = 0; at < png.length; at += 7) {
    const damaged = Buffer.from(png);
    damaged[at]! ^= 1;
    await expect(pictures.inspectPng(damaged)).rejects.toMatchObject(corrupt);
    await expect(pictures.inspectPng(png.subarray(0, at))).rejects.toMatchObject(corrupt);
  }
  // Check sums right, pixels missing.
  const short = rawPng({ width: 20, height: 20, pixels: Buffer.alloc(61 * 10) });
  await expect(pictures.inspectPng(short)).rejects.toMatchObject(corrupt);
  await expect(pictures.inspectPng(await aPicture(9, 9).jpeg().toBuffer())).rejects.toMatchObject(corrupt);
  await expect(pictures.thumbnails(Buffer.from('no picture'))).rejects.toMatchObject(corrupt);
});

test('an init picture covers the canvas, cropped around its centre, on white', async () => {
  const wide = await plain(300, 100, '#0000ff')
    .composite([{ input: await plain(100, 100, '#ff0000').png().toBuffer(), left: 100, top: 0 }])
    .png()
    .toBuffer();
  const fitted = await pictures.fitInit(wide, 64, 64);
  expect(await sizeOf(fitted)).toBe('png 64x64');
  const { data, info } = await sharp(fitted).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(3);
  const blue = data.filter((_, i) => i % 3 === 2);
  expect(Math.max(...blue)).toBe(0);
  const clear = await pictures.fitInit(await plain(30, 30, '#00000000').png().toBuffer(), 64, 32);
  expect((await sharp(clear).raw().toBuffer()).every((value) => value === 255)).toBe(true);
});

test('a line of 16,000 pixels is fitted like any other picture', async () => {
  const line = rawPng({ width: 16_000, height: 1 });
  expect(await sizeOf(await pictures.fitInit(line, 512, 512))).toBe('png 512x512');
  expect(await sizeOf(await pictures.fitMask(line, 512, 512))).toBe('png 512x512');
});

test('a mask is white from half luminance on and black below, and its alpha counts for nothing', async () => {
  for (const alpha of [0, 128, 255]) {
    const grey = Buffer.from([0, 126, 127, 128, 129, 255].flatMap((value) => [value, value, value, alpha]));
    const png = await sharp(grey, { raw: { width: 6, height: 1, channels: 4 } })
      .png()
      .toBuffer();
    const mask = await pictures.fitMask(png, 6, 1);
    const { data, info } = await sharp(mask).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    expect(info.channels).toBe(1);
    expect([...data]).toEqual([0, 0, 0, 255, 255, 255]);
  }
});

test('a scaled mask has no grey', async () => {
  const picture = await aPicture(33, 21).png().toBuffer();
  const data = await sharp(await pictures.fitMask(picture, 256, 128))
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  expect(new Set(data)).toEqual(new Set([0, 255]));
});

test('pictures of the same pixels are identical however they were compressed, and others are as far apart as they look', async () => {
  const picture = aPicture(200, 120);
  const [one, same] = [
    await picture.clone().png({ compressionLevel: 1 }).toBuffer(),
    await picture.clone().png({ compressionLevel: 9 }).toBuffer(),
  ];
  expect(await pictures.comparePixels(one, withChunks(same, textChunk('a', 'b')))).toEqual({
    identical: true,
    distance: 0,
  });
  const grain = await pictures.comparePixels(
    one,
    await picture.clone().modulate({ brightness: 1.02 }).png().toBuffer(),
  );
  expect([grain.identical, grain.distance > 0, grain.distance < 0.05]).toEqual([false, true, true]);
  const [black, white] = [
    await plain(50, 50, '#000000').png().toBuffer(),
    await plain(90, 20, '#ffffff').png().toBuffer(),
  ];
  expect(await pictures.comparePixels(black, white)).toEqual({ identical: false, distance: 1 });
  await expect(pictures.comparePixels(one, one.subarray(0, 100))).rejects.toMatchObject({ code: 'corrupt' });
});
