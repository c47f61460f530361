import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { aGenerateSpec } from '#test/generate-spec.ts';
import { engineContract } from './engine.contract.ts';
import { fakeFaults, faultsBySeed } from './fake-faults.ts';
import { aFakeModel, createFakeEngine } from './fake.ts';
import type { GenerateOptions, GenerateSpec } from './port.ts';

engineContract('the fake', () => ({ engine: createFakeEngine(), processes: () => [] }));

const aSpec = (changes: Partial<GenerateSpec> = {}): GenerateSpec =>
  aGenerateSpec({ prompt: 'a cat', width: 128, height: 64, steps: 2, count: 2, ...changes });
const options = (signal = new AbortController().signal): GenerateOptions => ({ signal, onProgress: () => undefined });

describe('the fake', () => {
  test('claims the same time for the same work, and to load a model only when it changes', async () => {
    const engine = createFakeEngine({ models: [aFakeModel(), aFakeModel({ id: 'other' })], costUs: { step: 500 } });
    const work = { encodeUs: 2_000, denoiseUs: 2_000, decodeUs: 4_000 };
    const run = async (model: string): Promise<unknown> => (await engine.generate(aSpec({ model }), options())).timings;
    expect(await run('fake')).toEqual({ loadUs: 50_000, ...work });
    expect(await run('fake')).toEqual({ loadUs: 0, ...work });
    expect(await run('other')).toEqual({ loadUs: 50_000, ...work });
    expect(engine.calls).toHaveLength(3);
  });

  test('held jobs wait until they are released', async () => {
    const engine = createFakeEngine();
    engine.hold();
    let finished = false;
    const job = engine.generate(aSpec(), options()).finally(() => (finished = true));
    await engine.untilCalled(1);
    await new Promise(setImmediate);
    expect(finished).toBe(false);
    engine.release();
    expect((await job).images).toHaveLength(2);
  });

  test.each([
    ['crash', { code: 'engine_crashed', retry: true, countsAsAttempt: true }],
    ['out_of_memory', { code: 'engine_out_of_memory', retry: true, countsAsAttempt: true }],
    ['unreachable', { code: 'engine_unreachable', retry: true, countsAsAttempt: false }],
  ] as const)('%s fails one call as an engine would, and the next one works', async (fault, error) => {
    const engine = createFakeEngine({ faults: [fault] });
    await expect(engine.generate(aSpec(), options())).rejects.toMatchObject(error);
    expect((await engine.generate(aSpec(), options())).images).toHaveLength(2);
  });

  test('a hang ends only by a cancel or by closing', async () => {
    const engine = createFakeEngine({ faults: ['hang', 'hang'] });
    const controller = new AbortController();
    const cancelled = engine.generate(aSpec(), options(controller.signal));
    const crashed = engine.generate(aSpec(), options());
    await engine.untilCalled(2);
    controller.abort();
    expect(await cancelled).toMatchObject({ images: [], cancelled: true });
    await engine.close();
    await expect(crashed).rejects.toMatchObject({ code: 'engine_crashed' });
  });

  test('a slow call claims ten times the time, a wrong count one image less, a corrupt PNG does not decode', async () => {
    const engine = createFakeEngine({ faults: [null, 'slow', 'wrong_count', 'corrupt_png'] });
    const [usual, slow, wrong, corrupt] = [
      await engine.generate(aSpec(), options()),
      await engine.generate(aSpec(), options()),
      await engine.generate(aSpec(), options()),
      await engine.generate(aSpec(), options()),
    ];
    expect(slow.timings.denoiseUs).toBe(10 * usual.timings.denoiseUs);
    expect(wrong).toMatchObject({ images: [{ seed: 1 }], cancelled: false });
    await expect(sharp(corrupt.images[0]!.png).raw().toBuffer()).rejects.toThrow();
  });

  test('a seed decides faults for ever, at about the rate asked for', () => {
    const script = (seed: number): (string | null)[] =>
      Array.from({ length: 1_000 }, (_, call) => faultsBySeed(seed, 0.3)(aSpec(), call));
    expect(script(1)).toEqual(script(1));
    expect(script(1)).not.toEqual(script(2));
    const faulty = script(1).filter((fault) => fault !== null);
    expect(faulty.length).toBeGreaterThan(250);
    expect(faulty.length).toBeLessThan(350);
    expect(new Set(faulty)).toEqual(new Set(fakeFaults));
  });
});
