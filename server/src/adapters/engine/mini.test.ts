import { fork } from 'node:child_process';
import { once } from 'node:events';
import { miniEngineFile } from '@pingvas/engine-mini';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { aGenerateSpec } from '#test/generate-spec.ts';
import { engineContract } from './engine.contract.ts';
import { createMiniEngine } from './mini.ts';
import type { GenerateProgress, GenerateResult, GenerateSpec } from './port.ts';

engineContract('mini', () => {
  const engine = createMiniEngine();
  return { engine, processes: () => [engine.pid()!] };
});

const aSpec = (changes: Partial<GenerateSpec> = {}): GenerateSpec =>
  aGenerateSpec({ model: 'mini', width: 256, height: 256, guidance: 2, steps: 4, ...changes });

describe('mini', () => {
  const engine = createMiniEngine({ cancelGraceMs: 100 });
  afterAll(() => engine.close());

  /** Starts a job of several images, does something in its second image, and waits for its end. */
  const inTheMiddle = (act: (pid: number) => void, signal = new AbortController().signal): Promise<GenerateResult> => {
    let done = false;
    const onProgress = ({ step }: GenerateProgress): void => {
      if (done || step <= 12) return;
      done = true;
      act(engine.pid()!);
    };
    return engine.generate(aSpec({ steps: 12, count: 8 }), { signal, onProgress });
  };
  const renders = async (): Promise<void> => {
    const result = await engine.generate(aSpec(), {
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    expect(result.images).toHaveLength(1);
  };

  test('a process that dies fails its job, which may be tried again, and another one takes its place', async () => {
    await engine.capabilities();
    const first = engine.pid()!;
    await expect(inTheMiddle((pid) => process.kill(pid, 'SIGKILL'))).rejects.toMatchObject({
      code: 'engine_crashed',
      retry: true,
      countsAsAttempt: true,
    });
    expect(engine.loadedModel()).toBeNull();
    await renders();
    expect(engine.pid()).not.toBe(first);
    expect(engine.loadedModel()).toBe('mini');
  });

  test('a process that ignores a cancel is killed; what it had finished is delivered', async () => {
    await renders();
    const controller = new AbortController();
    const frozen = engine.pid()!;
    const { cancelled, images, timings } = await inTheMiddle((pid) => {
      process.kill(pid, 'SIGSTOP');
      controller.abort();
    }, controller.signal);
    expect(cancelled).toBe(true);
    expect(images[0]).toMatchObject({ seed: 1 });
    expect(images.length).toBeLessThan(8);
    expect(timings.denoiseUs).toBeGreaterThan(0);
    await renders();
    expect(engine.pid()).not.toBe(frozen);
  });

  test('jobs asked for at once are rendered one after the other', async () => {
    await Promise.all([renders(), renders(), renders()]);
  });

  test('says which style was drawn, which words were understood and which were not', async () => {
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    const { images } = await engine.generate(aSpec({ prompt: '빨간 사과 qwxyz', style: 'noto' }), options);
    expect(images[0]!.info).toEqual({ style: 'noto', understood: ['빨간 사과'], ignored: ['qwxyz'] });
  });

  test('the seed moves, turns and mirrors what is drawn: two of them are plainly two pictures', async () => {
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    const { images } = await engine.generate(aSpec({ prompt: 'pizza', style: '3d', count: 4 }), options);
    const [first, ...others] = await Promise.all(images.map(({ png }) => sharp(png).removeAlpha().raw().toBuffer()));
    for (const other of others) {
      const squares = first!.reduce((sum, value, at) => sum + (value - other[at]!) ** 2, 0);
      expect(Math.sqrt(squares / first!.length) / 255).toBeGreaterThan(0.08);
    }
  });

  test('a canvas of 512 × 512 is drawn in full, and what the mask leaves out of it stays to the pixel', async () => {
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    const plain = (background: string): Promise<Buffer> =>
      sharp({ create: { width: 512, height: 512, channels: 3, background } })
        .png()
        .toBuffer();
    const [initImage, black] = await Promise.all([plain('#123456'), plain('#000')]);
    const spec = aSpec({ mode: 'inpaint', width: 512, height: 512, initImage, maskImage: black, strength: 0.5 });
    const { images } = await engine.generate(spec, options);
    expect(images[0]).toMatchObject({ width: 512, height: 512 });
    const pixels = await sharp(images[0]!.png).raw().toBuffer();
    expect(pixels.subarray(0, 3)).toEqual(Buffer.from([0x12, 0x34, 0x56]));
    expect(new Set(pixels).size).toBe(3);
  });

  test('an outpaint keeps the picture to the pixel, and no edge stands where it ends', async () => {
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    const blue = { create: { width: 256, height: 256, channels: 3 as const, background: '#2080f0' } };
    const initImage = await sharp(blue).png().toBuffer();
    const outpaint = { left: 64, top: 0, right: 128, bottom: 32 };
    const spec = aSpec({ mode: 'outpaint', prompt: 'blue background', initImage, outpaint });
    const [image] = (await engine.generate(spec, options)).images;
    expect(image).toMatchObject({ width: 448, height: 288 });
    const pixels = await sharp(image!.png).raw().toBuffer();
    const row = (x: number): number[] =>
      Array.from({ length: 200 }, (_, y) => pixels.readUIntBE(3 * ((y + 20) * 448 + x), 3));
    const mean = (x: number, channel: number): number =>
      row(x).reduce((sum, colour) => sum + ((colour >> (8 * channel)) & 255), 0) / 200;
    expect(new Set([...row(64), ...row(200), ...row(319)])).toEqual(new Set([0x2080f0]));
    for (const [kept, painted] of [
      [64, 63],
      [319, 320],
    ] as const)
      for (const channel of [0, 1, 2]) expect(Math.abs(mean(kept, channel) - mean(painted, channel))).toBeLessThan(5);
  });

  test('a colour in the negative prompt is at most half of what it was', async () => {
    const options = { signal: new AbortController().signal, onProgress: () => undefined };
    const redness = async (negativePrompt: string): Promise<number> => {
      const spec = aSpec({ prompt: 'apple', negativePrompt, count: 2 });
      const { images } = await engine.generate(spec, options);
      const all = Buffer.concat(await Promise.all(images.map(({ png }) => sharp(png).raw().toBuffer())));
      let red = 0;
      for (let at = 0; at < all.length; at += 3)
        red += Number(all[at]! > 1.6 * all[at + 1]! && all[at]! > 1.6 * all[at + 2]!);
      return red;
    };
    const before = await redness('');
    expect(before).toBeGreaterThan(0);
    expect(await redness('빨간색')).toBeLessThanOrEqual(before / 2);
  });

  test('the process ends by itself when its host is gone', async () => {
    const orphan = fork(miniEngineFile, [], { serialization: 'advanced', execArgv: [], env: {} });
    await once(orphan, 'message');
    orphan.disconnect();
    expect(await once(orphan, 'exit')).toEqual([0, null]);
  });
});
