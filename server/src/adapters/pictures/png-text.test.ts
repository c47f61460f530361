import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { sharp } from './bounded-sharp.ts';
import { encodePng, readPngChunks } from './png-chunks.ts';
import { readPngText, writePng } from './png-text.ts';
import { aPicture, rawPng, textChunk, withChunks } from './test-pictures.ts';

const marks = { recipe: '{"prompt":"웃는 고양이 🐈","seed":"1"}', software: 'PingvasAI 0.1.0' };
const engineWord = 'engine-graph';
const typesOf = (png: Uint8Array) => readPngChunks(png).map(({ type }) => type);

/** What an engine may leave in its result. */
async function anEnginePng() {
  const png = await aPicture(40, 30, 4).png().toBuffer();
  const data = Buffer.from(engineWord);
  const spoken = withChunks(
    png,
    textChunk('invokeai_metadata', engineWord),
    textChunk('recipe', engineWord),
    { type: 'zTXt', data: Buffer.concat([Buffer.from('a\0\0'), deflateSync(data)]) },
    { type: 'iTXt', data: Buffer.concat([Buffer.from('parameters\0\0\0\0\0'), data]) },
    { type: 'tIME', data: Buffer.alloc(7) },
    { type: 'eXIf', data },
    { type: 'pHYs', data: Buffer.alloc(9) },
    { type: 'prVt', data },
    { type: 'gAMA', data: Buffer.from([0, 0, 0xb1, 0x8f]) },
  );
  return Buffer.concat([spoken, data]);
}

describe('the words in a result', () => {
  test('a result carries our recipe in UTF-8, the AI-generated mark and our name, before the pixels', async () => {
    const marked = writePng(await anEnginePng(), marks);
    const texts = readPngText(marked);
    expect(Object.fromEntries(texts)).toEqual({
      Software: 'PingvasAI 0.1.0',
      'AI-generated': 'true',
      recipe: marks.recipe,
      'XML:com.adobe.xmp': expect.stringContaining(
        'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
      ),
    });
    const types = typesOf(marked);
    expect(types.lastIndexOf('iTXt')).toBeLessThan(types.indexOf('IDAT'));
  });

  test('a decoder of others finds the mark where XMP belongs', async () => {
    const { xmpAsString } = await sharp(writePng(await anEnginePng(), marks)).metadata();
    expect(xmpAsString).toContain('DigitalSourceType');
  });

  test('nothing of the engine’s is left', async () => {
    const marked = writePng(await anEnginePng(), marks);
    expect(Buffer.from(marked).includes(engineWord)).toBe(false);
    expect(new Set(typesOf(marked))).toEqual(new Set(['IHDR', 'iTXt', 'gAMA', 'IDAT', 'IEND']));
  });

  test('the pixels stay byte for byte as they were compressed', async () => {
    const png = await anEnginePng();
    const pixels = (bytes: Uint8Array) => readPngChunks(bytes).filter(({ type }) => type === 'IDAT');
    const marked = writePng(png, marks);
    expect(pixels(marked)).toEqual(pixels(png));
    const raw = (bytes: Uint8Array) => sharp(bytes, { failOn: 'warning' }).raw().toBuffer();
    expect((await raw(marked)).equals(await raw(png))).toBe(true);
  });

  test('marking twice is marking once', async () => {
    const once = writePng(await anEnginePng(), marks);
    expect(Buffer.from(writePng(once, marks)).equals(once)).toBe(true);
  });

  test('a palette and its transparency survive', async () => {
    const png = await aPicture(16, 16, 4).png({ palette: true }).toBuffer();
    expect(typesOf(writePng(png, marks))).toContain('PLTE');
  });
});

describe('chunks', () => {
  test('every byte of a PNG that is damaged is noticed', () => {
    const png = rawPng({ width: 4, height: 4 }, { before: [textChunk('a', 'b')] });
    for (let at = 0; at < png.length; at += 1) {
      const damaged = Buffer.from(png);
      damaged[at]! ^= 0x20;
      expect(() => readPngChunks(damaged)).toThrow(expect.objectContaining({ code: 'corrupt' }));
      expect(() => readPngChunks(png.subarray(0, at))).toThrow(expect.objectContaining({ code: 'corrupt' }));
    }
  });

  test('what is read is written back the same', () => {
    const png = rawPng({ width: 4, height: 4 }, { before: [textChunk('a', 'b')] });
    expect(encodePng(readPngChunks(png)).equals(png)).toBe(true);
  });

  test('a text that would unfold is not read', () => {
    const bomb = Buffer.concat([Buffer.from('recipe\0\x01\0\0\0'), deflateSync(Buffer.alloc(10_000_000))]);
    const png = rawPng({ width: 4, height: 4 }, { before: [{ type: 'iTXt', data: bomb }] });
    expect(readPngText(png).size).toBe(0);
  });
});
