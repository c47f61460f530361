/** For tests: uploads made to hurt whoever decodes them, each with the only answers it may get. */
import { deflateSync } from 'node:zlib';
import { sharp } from './bounded-sharp.ts';
import { encodePng } from './png-chunks.ts';
import type { PictureErrorCode } from './port.ts';
import { aPicture, randomFrom, rawPng, textChunk, withChunks } from './test-pictures.ts';

type Answer = PictureErrorCode | 'picture';
export type HostilePicture = { name: string; bytes: Uint8Array; answers: Answer[] };

/** Stands in everything that is not pixels; must never come out again. */
export const secret = 'SECRET<script>alert(1)</script>';

const latin = (text: string) => Buffer.from(text, 'latin1');
const zeros = (bytes: number) => deflateSync(Buffer.alloc(bytes), { level: 1 });
const named = (answers: Answer[], items: Record<string, Uint8Array>): HostilePicture[] =>
  Object.entries(items).map(([name, bytes]) => ({ name, bytes, answers }));

export async function hostilePictures(): Promise<HostilePicture[]> {
  const picture = aPicture(48, 32);
  const png = await picture.clone().png().toBuffer();
  const jpeg = await picture.clone().jpeg().toBuffer();
  const webp = await picture.clone().webp().toBuffer();
  const lossless = await picture.clone().webp({ lossless: true }).toBuffer();
  return [
    ...otherTypes(),
    ...floods(jpeg, lossless),
    ...(await animations(png)),
    ...bombs(png, jpeg),
    ...broken(png, jpeg, webp),
    ...polyglots(png, jpeg, webp),
    ...(await unusual(png)),
  ];
}

function otherTypes(): HostilePicture[] {
  return named(['unsupported_type'], {
    'nothing at all': new Uint8Array(),
    'one byte': Buffer.of(0x89),
    'an SVG that unfolds its entities': latin(
      '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg"><text>&b;</text></svg>',
    ),
    'an SVG that reads a file': latin(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd" width="9" height="9"/></svg>',
    ),
    'an SVG behind a byte order mark': Buffer.from('\ufeff<svg xmlns="http://www.w3.org/2000/svg"/>'),
    HTML: latin(`<html>${secret}</html>`),
    'a GIF of 10,000 frames': Buffer.concat([
      latin('GIF89a\x01\0\x01\0\0\0\0'),
      ...Array.from({ length: 10_000 }, () => latin('\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0')),
      latin(';'),
    ]),
    'a BMP': Buffer.concat([latin('BM'), Buffer.alloc(64)]),
    'a TIFF': Buffer.concat([latin('II*\0'), Buffer.alloc(64)]),
    'an AVIF': Buffer.concat([latin('\0\0\0\x20ftypavif'), Buffer.alloc(64)]),
    'a PDF': latin('%PDF-1.7\n'),
    PostScript: latin('%!PS\n(/etc/passwd) run'),
    'a ZIP': Buffer.concat([latin('PK\x03\x04'), Buffer.alloc(64)]),
    'a RIFF that is a sound': Buffer.concat([latin('RIFF\x40\0\0\0WAVE'), Buffer.alloc(64)]),
    'a PNG that went through a text mode': latin('\x89PNG\n\x1a\n\0\0\0\rIHDR'),
    'a PNG behind a blank': Buffer.concat([latin(' '), rawPng({ width: 2, height: 2 })]),
  });
}

function floods(jpeg: Buffer, lossless: Buffer): HostilePicture[] {
  const hugeJpeg = Buffer.from(jpeg);
  // The frame header: marker, length, precision, then height and width.
  const frame = hugeJpeg.indexOf(Buffer.of(0xff, 0xc0));
  hugeJpeg.writeUInt32BE(0xc350_c350, frame + 5);
  const outsizedJpeg = Buffer.from(hugeJpeg);
  outsizedJpeg.writeUInt32BE(0xffff_ffff, frame + 5);
  const hugeWebp = Buffer.from(lossless);
  // VP8L: signature 0x2f, then 14 bits each of width - 1 and height - 1, little-endian.
  const size = hugeWebp.indexOf('VP8L') + 9;
  hugeWebp.writeUInt32LE(15_999 + 15_999 * 2 ** 14, size);
  return [
    ...named(['too_many_pixels'], {
      'a PNG of 50,000 x 50,000 by its header': rawPng({ width: 50_000, height: 50_000, bitDepth: 1, colourType: 0 }),
      'a PNG of 20,000 x 20,000, all there': rawPng({
        width: 20_000,
        height: 20_000,
        bitDepth: 1,
        colourType: 0,
        pixels: Buffer.alloc(2_501 * 20_000),
      }),
      'a PNG one pixel row too large': rawPng({ width: 4_096, height: 4_102, pixels: Buffer.alloc(9) }),
      'a JPEG of 50,000 x 50,000': hugeJpeg,
      'a WEBP of 16,000 x 16,000': hugeWebp,
      'a PNG longer than any canvas': rawPng({ width: 20_000, height: 1 }),
    }),
    ...named(['too_many_pixels', 'corrupt'], {
      'a PNG of 2^31-1 x 1': rawPng({ width: 0x7fffffff, height: 1, pixels: Buffer.alloc(9) }),
      'a JPEG of 65,535 x 65,535': outsizedJpeg,
    }),
    ...named(['too_large'], { 'a byte too many': Buffer.concat([jpeg, Buffer.alloc(20_000_001 - jpeg.length)]) }),
  ];
}

async function animations(png: Buffer): Promise<HostilePicture[]> {
  const control = Buffer.alloc(8);
  control.writeUInt32BE(10_000, 0);
  // Equal frames would be joined into one.
  const random = randomFrom(1);
  const frames = Buffer.from(Array.from({ length: 300 * 4 * 4 }, () => random() % 256));
  return named(['animated'], {
    'an animated PNG': withChunks(png, textChunk('a', 'b'), { type: 'acTL', data: control }),
    'an animated WEBP of 300 frames': await sharp(frames, {
      raw: { width: 4, height: 300, channels: 4, pageHeight: 1 },
    })
      .webp({ loop: 1, effort: 0, lossless: true, minSize: false })
      .toBuffer(),
  });
}

function bombs(png: Buffer, jpeg: Buffer): HostilePicture[] {
  const bomb = zeros(64_000_000);
  // A profile of 10 MB in the APP2 segments that ICC.1 gives it.
  const parts = 155;
  const profile = Array.from({ length: parts }, (_, n) =>
    Buffer.concat([
      Buffer.of(0xff, 0xe2, 0xff, 0xfe),
      latin('ICC_PROFILE\0'),
      Buffer.of(n + 1, parts),
      Buffer.alloc(0xfffe - 16, 65),
    ]),
  );
  return named(['picture', 'corrupt'], {
    'text that unfolds to 64 MB (zTXt)': withChunks(png, {
      type: 'zTXt',
      data: Buffer.concat([latin('Comment\0\0'), bomb]),
    }),
    'text that unfolds to 64 MB (iTXt)': withChunks(png, {
      type: 'iTXt',
      data: Buffer.concat([latin('Comment\0\x01\0\0\0'), bomb]),
    }),
    'a colour profile that unfolds to 64 MB': withChunks(png, {
      type: 'iCCP',
      data: Buffer.concat([latin('icc\0\0'), bomb]),
    }),
    'pixels that unfold to more than the picture': rawPng({ width: 8, height: 8, pixels: Buffer.alloc(64_000_000) }),
    'a colour profile of 10 MB': Buffer.concat([jpeg.subarray(0, 2), ...profile, jpeg.subarray(2)]),
    '5,000 text chunks': withChunks(png, ...Array.from({ length: 5_000 }, (_, n) => textChunk(`k${n}`, secret))),
  });
}

function broken(png: Buffer, jpeg: Buffer, webp: Buffer): HostilePicture[] {
  const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);
  const changed = (at: number, value: number) => {
    const copy = Buffer.from(png);
    copy.writeUInt32BE(value, at);
    return copy;
  };
  const header = png.subarray(16, 29);
  return named(['corrupt'], {
    'half a PNG': half(png),
    'half a JPEG': half(jpeg),
    'half a WEBP': half(webp),
    'the head of a PNG': png.subarray(0, 8),
    'the head of a JPEG': jpeg.subarray(0, 4),
    'the head of a WEBP': webp.subarray(0, 12),
    'a PNG whose first chunk is 4 GB': changed(8, 0xffffffff),
    'a PNG without width': rawPng({ width: 0, height: 8 }),
    'a PNG with a false header sum': changed(29, 0),
    'a PNG of an unknown colour type': rawPng({ width: 8, height: 8, colourType: 5 }),
    'a PNG without pixels': encodePng([
      { type: 'IHDR', data: header },
      { type: 'IEND', data: Buffer.alloc(0) },
    ]),
    'a PNG of junk for pixels': encodePng([
      { type: 'IHDR', data: header },
      { type: 'IDAT', data: Buffer.alloc(500, 0xa5) },
      { type: 'IEND', data: Buffer.alloc(0) },
    ]),
    'an SVG behind the head of a PNG': Buffer.concat([png.subarray(0, 8), latin('<svg xmlns="x"/>')]),
    'HTML behind the head of a JPEG': Buffer.concat([jpeg.subarray(0, 3), latin(`<html>${secret}</html>`)]),
  });
}

function polyglots(png: Buffer, jpeg: Buffer, webp: Buffer): HostilePicture[] {
  const html = latin(`<html>${secret}</html>`);
  const comment = Buffer.concat([Buffer.of(0xff, 0xfe, 0, html.length + 2), html]);
  return named(['picture'], {
    'a PNG with HTML behind it': Buffer.concat([png, html]),
    'a PNG with a ZIP behind it': Buffer.concat([png, latin('PK\x03\x04'), html]),
    'a PNG with scripts in its text': withChunks(png, textChunk('Comment', secret), textChunk('recipe', secret)),
    'a PNG with EXIF': withChunks(png, {
      type: 'eXIf',
      data: Buffer.concat([latin('MM\0*\0\0\0\x08\0\0'), Buffer.from(secret)]),
    }),
    'a JPEG with HTML in a comment': Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]),
    'a JPEG with HTML behind it': Buffer.concat([jpeg, html]),
    'a WEBP with HTML behind it': Buffer.concat([webp, html]),
  });
}

async function unusual(png: Buffer): Promise<HostilePicture[]> {
  const picture = aPicture(48, 32, 4);
  const exif = {
    IFD0: { Copyright: secret, ImageDescription: secret },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '37/1 33/1 59/1' },
  };
  return named(['picture'], {
    'a JPEG that knows where it was taken': await picture.clone().jpeg().withExif(exif).toBuffer(),
    'a WEBP that knows where it was taken': await picture.clone().webp().withExif(exif).toBuffer(),
    'a CMYK JPEG': await picture.clone().toColourspace('cmyk').jpeg().toBuffer(),
    'a grey JPEG': await picture.clone().greyscale().toColourspace('b-w').jpeg().toBuffer(),
    'a progressive JPEG': await picture.clone().jpeg({ progressive: true }).toBuffer(),
    'a JPEG with a wide colour profile': await picture.clone().withIccProfile('p3').jpeg().toBuffer(),
    'a PNG of 16 bit': await picture.clone().toColourspace('rgb16').png().toBuffer(),
    'an interlaced PNG': await picture.clone().png({ progressive: true }).toBuffer(),
    'a PNG with a palette': await picture.clone().png({ palette: true, colours: 7 }).toBuffer(),
    'a PNG of one bit': rawPng({ width: 16, height: 16, bitDepth: 1, colourType: 0, pixels: Buffer.alloc(3 * 16, 1) }),
    'a PNG of one pixel': rawPng({ width: 1, height: 1 }),
    'the largest PNG that is allowed': rawPng({
      width: 4_096,
      height: 4_101,
      bitDepth: 1,
      colourType: 0,
      pixels: Buffer.alloc(513 * 4_101),
    }),
    'a PNG with unknown chunks': withChunks(png, { type: 'prVt', data: Buffer.from(secret) }),
  });
}
