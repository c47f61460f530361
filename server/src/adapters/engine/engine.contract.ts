import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aGenerateSpec } from '#test/generate-spec.ts';
import {
  type Engine,
  EngineError,
  type EngineModel,
  type GenerateOptions,
  type GenerateProgress,
  type GenerateResult,
  type GenerateSpec,
  resultSize,
} from './port.ts';

export type EngineUnderTest = {
  engine: Engine;
  /** Ids of the processes it runs in at this moment, other than this one. */
  processes: () => number[];
  /** Its models have random weights: how close a picture comes to another says nothing. */
  drawsNoise?: boolean;
  /** Share of the height over which it may blend beside a mask; none by default. */
  seam?: number;
};

const MASK_FROM = 0.5;

/** What every engine promises, whoever renders. Each implementation runs this same suite, so that the fake cannot lie. */
export function engineContract(name: string, make: () => EngineUnderTest): void {
  describe(`${name} keeps the promises of an engine`, () => {
    let engine: Engine;
    let model: EngineModel;
    let drawsNoise: boolean;
    let seam: number;
    beforeAll(async () => {
      const made = make();
      engine = made.engine;
      drawsNoise = made.drawsNoise ?? false;
      seam = made.seam ?? 0;
      const { models } = await engine.capabilities();
      model = models[0]!;
    });
    afterAll(() => engine.close());

    const aSpec = (changes: Partial<GenerateSpec> = {}): GenerateSpec =>
      aGenerateSpec({
        attemptId: 'contract',
        model: model.id,
        ...model.sizes.default,
        steps: model.steps.min,
        guidance: model.guidance.default,
        scheduler: model.schedulers[0]!,
        seed: 7,
        ...changes,
      });
    const generate = (
      changes: Partial<GenerateSpec> = {},
      options: Partial<GenerateOptions> = {},
    ): Promise<GenerateResult> =>
      engine.generate(aSpec(changes), {
        signal: new AbortController().signal,
        onProgress: () => undefined,
        ...options,
      });
    const one = async (changes: Partial<GenerateSpec> = {}): Promise<Uint8Array> =>
      (await generate(changes)).images[0]!.png;
    /** A half red, half blue picture with a hard edge in it. */
    const anInit = async (): Promise<Uint8Array> => {
      const { width, height } = model.sizes.default;
      const blue = { create: { width: width / 2, height, channels: 3 as const, background: '#2244cc' } };
      const red = sharp({ create: { width, height, channels: 3, background: '#cc4422' } });
      return red
        .composite([{ input: blue, left: 0, top: 0 }])
        .png()
        .toBuffer();
    };
    /** White below, black above. */
    const aMask = async (): Promise<Uint8Array> => {
      const { width, height } = model.sizes.default;
      const white = { create: { width, height: height * MASK_FROM, channels: 3 as const, background: '#fff' } };
      const black = sharp({ create: { width, height, channels: 3, background: '#000' } });
      return black
        .composite([{ input: white, left: 0, top: height * MASK_FROM }])
        .png()
        .toBuffer();
    };

    test('what it says about its models fits together', async () => {
      const { models, engine: kind, version, device, deviceClass } = await engine.capabilities();
      for (const text of [kind, version, device, deviceClass]) expect(text).not.toBe('');
      expect(new Set(models.map(({ id }) => id)).size).toBe(models.length);
      for (const { sizes, allowedSizes, steps, guidance, ...rest } of models) {
        for (const range of [steps, guidance]) {
          expect(range.default).toBeGreaterThanOrEqual(range.min);
          expect(range.default).toBeLessThanOrEqual(range.max);
        }
        for (const side of ['width', 'height'] as const) {
          expect(sizes.default[side] % sizes.multipleOf).toBe(0);
          expect(sizes.default[side]).toBeGreaterThanOrEqual(sizes.min[side]);
          expect(sizes.default[side]).toBeLessThanOrEqual(sizes.max[side]);
        }
        if (allowedSizes.length > 0) expect(allowedSizes).toContainEqual(sizes.default);
        for (const list of [rest.modes, rest.schedulers, rest.languages]) expect(list).not.toHaveLength(0);
      }
      expect(await engine.health()).toBe(true);
    });

    test('each mode, scheduler and style it names gives a PNG of the size asked for', async () => {
      const [initImage, maskImage] = await Promise.all([anInit(), aMask()]);
      const specs = [
        ...model.modes.map((mode) =>
          mode === 'txt2img'
            ? {}
            : {
                mode,
                initImage,
                maskImage: mode === 'inpaint' ? maskImage : null,
                outpaint: mode === 'outpaint' ? { left: 64, top: 0, right: 0, bottom: 32 } : null,
                upscaleFactor: mode === 'upscale' ? 2 : null,
                strength: 0.7,
              },
        ),
        ...model.schedulers.map((scheduler) => ({ scheduler })),
        ...model.styles.map((style) => ({ style })),
      ];
      for (const spec of specs) {
        const [image] = (await generate(spec)).images;
        const size = resultSize(aSpec(spec));
        expect(image).toMatchObject({ ...size, seed: 7 });
        const { info } = await sharp(image!.png).raw().toBuffer({ resolveWithObject: true });
        expect(info).toMatchObject(size);
        expect((await sharp(image!.png).metadata()).format).toBe('png');
      }
    });

    test('its timings are whole microseconds by phase, and a model in memory is not loaded again', async () => {
      await generate();
      const { timings, cancelled } = await generate();
      expect(cancelled).toBe(false);
      for (const us of Object.values(timings)) expect(Number.isInteger(us)).toBe(true);
      expect(timings.denoiseUs).toBeGreaterThan(0);
      expect(timings.encodeUs).toBeGreaterThanOrEqual(0);
      expect(timings.decodeUs).toBeGreaterThanOrEqual(0);
      expect(timings.loadUs).toBe(0);
      expect(engine.loadedModel()).toBe(model.id);
    });

    test('progress only grows, ends at 1, and its previews can be looked at', async () => {
      const all: GenerateProgress[] = [];
      const steps = model.steps.default;
      const { timings } = await generate({ count: 2, steps }, { onProgress: (progress) => all.push(progress) });
      expect(all.at(-1)).toMatchObject({ progress: 1, step: 2 * steps, steps: 2 * steps });
      for (const [i, { progress, step, ...rest }] of all.entries()) {
        const before = all[i - 1];
        expect(progress).toBeGreaterThanOrEqual(before?.progress ?? 0);
        expect(step).toBeGreaterThanOrEqual(before?.step ?? 0);
        expect(rest.timings.denoiseUs).toBeGreaterThanOrEqual(before?.timings.denoiseUs ?? 0);
        expect(rest.timings.denoiseUs).toBeLessThanOrEqual(timings.denoiseUs);
      }
      const previews = all.flatMap(({ preview }) => (preview ? [preview] : []));
      expect(previews.length).toBeGreaterThan(0);
      for (const preview of previews) expect((await sharp(preview).metadata()).width).toBeGreaterThan(0);
    });

    test('a cancel stops it between steps; finished images are delivered, the one under way is not', async () => {
      const controller = new AbortController();
      const steps = model.steps.max;
      const result = await generate(
        { count: 4, steps },
        { signal: controller.signal, onProgress: ({ step }) => step > steps && controller.abort() },
      );
      expect(result.cancelled).toBe(true);
      expect(result.images.length).toBeGreaterThanOrEqual(1);
      expect(result.images.length).toBeLessThan(4);
      for (const { png } of result.images) await expect(sharp(png).raw().toBuffer()).resolves.toBeDefined();
      expect(result.timings.denoiseUs).toBeGreaterThan(0);
      expect((await generate()).images).toHaveLength(1);
    });

    test('what was cancelled before it began costs and delivers nothing', async () => {
      const result = await generate({}, { signal: AbortSignal.abort() });
      expect(result).toMatchObject({
        images: [],
        cancelled: true,
        timings: { encodeUs: 0, denoiseUs: 0, decodeUs: 0 },
      });
    });

    test('the same request gives the same bytes; image i is that of seed + i, running on after 2³² − 1', async () => {
      const { images } = await generate({ seed: 4_294_967_295, count: 2 });
      expect(images.map(({ seed }) => seed)).toEqual([4_294_967_295, 0]);
      expect(Buffer.compare(images[0]!.png, await one({ seed: 4_294_967_295 }))).toBe(0);
      expect(Buffer.compare(images[1]!.png, await one({ seed: 0 }))).toBe(0);
    });

    test('another prompt, another negative prompt or another seed is another picture', async () => {
      const asked = [{}, { prompt: '빨간 사과' }, { negativePrompt: '노란색' }, { seed: 8 }];
      const pictures: string[] = [];
      for (const changes of asked) pictures.push(Buffer.from(await one(changes)).toString('base64'));
      expect(new Set(pictures).size).toBe(asked.length);
    });

    test('image to image: the smaller the strength, the closer to the init image', async ({ skip }) => {
      if (drawsNoise) skip('random weights');
      const initImage = await anInit();
      const distances: number[] = [];
      for (const strength of [0.2, 0.6, 1])
        distances.push(
          await distance(await one({ mode: 'img2img', initImage, strength, steps: model.steps.default }), initImage),
        );
      expect(distances).toEqual([...distances].sort((a, b) => a - b));
      expect(distances[0]).toBeLessThan(distances[2]! / 2);
    });

    test('inpainting keeps what the mask leaves out and paints the rest anew', async () => {
      const [initImage, maskImage] = await Promise.all([anInit(), aMask()]);
      const painted = await one({ mode: 'inpaint', initImage, maskImage, strength: 1 });
      expect(await distance(painted, initImage, [0, MASK_FROM - seam])).toBeLessThan(1);
      expect(await distance(painted, initImage, [MASK_FROM, 1])).toBeGreaterThan(20);
    });

    test('what it cannot do is an engine error that nobody should repeat, and it goes on working', async () => {
      const fails = async (changes: Partial<GenerateSpec>, code: string): Promise<void> => {
        const error = await generate(changes).catch((caught: unknown) => caught);
        expect(error).toBeInstanceOf(EngineError);
        expect(error).toMatchObject({ code, retry: false });
      };
      await fails({ model: 'no such model' }, 'engine_model_missing');
      await fails({ width: model.sizes.default.width + 1 }, 'engine_invalid_request');
      await fails({ steps: model.steps.max + 1 }, 'engine_invalid_request');
      await fails({ guidance: Number.NaN }, 'engine_invalid_request');
      await fails({ scheduler: 'no such scheduler' }, 'engine_invalid_request');
      await fails({ style: 'no such style' }, 'engine_invalid_request');
      await fails({ seed: -1 }, 'engine_invalid_request');
      await fails({ count: 0 }, 'engine_invalid_request');
      await fails({ mode: 'img2img' }, 'engine_invalid_request');
      await fails({ mode: 'inpaint', initImage: await anInit() }, 'engine_invalid_request');
      await fails({ mode: 'img2img', initImage: Buffer.from('not a picture') }, 'engine_invalid_request');
      expect((await generate()).images).toHaveLength(1);
    });

    test('closing leaves no process behind; later calls find it unreachable, which costs no attempt', async () => {
      const { engine: mine, processes } = make();
      await mine.capabilities();
      const before = processes();
      await mine.close();
      await mine.close();
      for (const pid of before) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
      expect(await mine.health()).toBe(false);
      const late = mine.generate(aSpec(), { signal: new AbortController().signal, onProgress: () => undefined });
      await expect(late).rejects.toMatchObject({ code: 'engine_unreachable', retry: true, countsAsAttempt: false });
    });
  });
}

/** Mean difference of two pictures per colour value, 0..255, over the rows between two fractions of the height. */
async function distance(a: Uint8Array, b: Uint8Array, [from, to]: [number, number] = [0, 1]): Promise<number> {
  const raw = async (png: Uint8Array): Promise<Uint8Array> => sharp(png).removeAlpha().raw().toBuffer();
  const [left, right] = await Promise.all([raw(a), raw(b)]);
  const rows = left.subarray(Math.floor(left.length * from), Math.floor(left.length * to));
  const offset = Math.floor(left.length * from);
  return rows.reduce((sum, value, i) => sum + Math.abs(value - right[offset + i]!), 0) / rows.length;
}
