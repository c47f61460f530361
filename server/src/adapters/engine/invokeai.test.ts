import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aGenerateSpec } from '#test/generate-spec.ts';
import { type FakeInvokeAi, startFakeInvokeAi } from '#test/invokeai/fake-server.ts';
import type { FakeServerFault } from '#test/invokeai/fake-queue.ts';
import { engineContract } from './engine.contract.ts';
import { createInvokeAiEngine } from './invokeai.ts';
import { type Engine, EngineError, type GenerateProgress, type GenerateResult, type GenerateSpec } from './port.ts';

const timing = { pollMs: 100, refusedMs: 100, silentMs: 2_000, blockedMs: 100 };

const shared = await startFakeInvokeAi();
engineContract('the driver of InvokeAI', () => ({
  engine: createInvokeAiEngine({ url: shared.url, timing }),
  processes: () => [],
}));

describe('the driver of InvokeAI', () => {
  let server: FakeInvokeAi;
  let engine: Engine;
  beforeEach(async () => {
    server = await startFakeInvokeAi();
    engine = createInvokeAiEngine({ url: server.url, timing, startTimeoutMs: 100 });
    await engine.capabilities();
  });
  afterEach(async () => {
    await engine.close();
    await server.close();
  });

  const generate = (
    changes: Partial<GenerateSpec> = {},
    onProgress: (progress: GenerateProgress) => void = () => undefined,
    signal = new AbortController().signal,
  ): Promise<GenerateResult> =>
    engine.generate(
      aGenerateSpec({ attemptId: 'attempt-1', model: 'tiny-sd1', prompt: 'a secret cat', guidance: 5, ...changes }),
      { signal, onProgress },
    );
  const failed = async (fault: FakeServerFault): Promise<EngineError> => {
    server.queue.faults.push(fault);
    const error = await generate().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(EngineError);
    return error as EngineError;
  };

  test.each([
    ['out_of_memory', { code: 'engine_out_of_memory', retry: true }],
    ['empty_error', { code: 'engine_invalid_request', retry: false }],
    ['huge_error', { code: 'engine_failed', retry: true }],
    ['crash', { code: 'engine_interrupted', retry: true }],
    ['corrupt_png', { code: 'engine_bad_output', retry: true }],
    ['wrong_count', { code: 'engine_bad_output', retry: true }],
  ] as const)('%s fails one job with its own code, and the next one is drawn', async (fault, expected) => {
    const error = await failed(fault);
    expect(error).toMatchObject(expected);
    expect(error.message).not.toContain('/secret');
    expect(error.message.length).toBeLessThan(200);
    expect((await generate()).images).toHaveLength(1);
  });

  test('a picture of another job is never delivered', async () => {
    await generate();
    expect(await failed('same_image')).toMatchObject({ code: 'engine_bad_output' });
  });

  test('nothing of an attempt stays on the server, whether it was drawn, failed or was cancelled', async () => {
    const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#222' } })
      .png()
      .toBuffer();
    await generate({ count: 2, mode: 'inpaint', initImage: png, maskImage: png });
    await engine.forget?.('attempt-1');
    await failed('corrupt_png');
    await engine.forget?.('attempt-1');
    server.queue.faults.push('late_progress');
    const controller = new AbortController();
    const steps = 30;
    const cancelled = await generate({ steps }, ({ step }) => step > 1 && controller.abort(), controller.signal);
    expect(cancelled.cancelled).toBe(true);
    await engine.forget?.('attempt-1');
    expect([server.queue.rows.size, server.queue.images.size]).toEqual([0, 0]);
  });

  test('the words of a prompt do not travel in the picture', async () => {
    const [image] = (await generate()).images;
    expect(Buffer.from(image?.png ?? []).includes('secret')).toBe(false);
  });

  test('a job whose answer was lost is looked up, not drawn twice', async () => {
    server.switches.loseEnqueueAnswer = true;
    expect((await generate()).images).toHaveLength(1);
    expect(server.enqueued()).toBe(1);
  });

  test('a queue that drops the job costs no attempt', async () => {
    server.switches.partialEnqueue = true;
    await expect(generate()).rejects.toMatchObject({ code: 'engine_unreachable', countsAsAttempt: false });
  });

  test('a row that blocks the queue is removed, and the job behind it is drawn', async () => {
    server.block('somebody');
    expect((await generate()).images).toHaveLength(1);
    expect([...server.queue.rows.values()].map(({ destination }) => destination)).toEqual(['attempt-1']);
  });

  test('the time a model takes to load is shown and never billed, and events that come twice count once', async () => {
    server.queue.faults.push('slow_load');
    const { timings } = await generate();
    expect(timings.loadUs).toBeGreaterThan(200_000);
    expect(timings.encodeUs).toBeLessThan(100_000);
    const seen: number[] = [];
    server.queue.faults.push('double_events');
    await generate({}, ({ step }) => seen.push(step));
    expect(seen.filter((step) => step === 2).length).toBeLessThanOrEqual(2);
  });

  test('a server that stands still for a moment only delays the job', async () => {
    server.switches.stallMs = 400;
    expect((await generate({ steps: 1 })).images).toHaveLength(1);
  });

  test('a server that dies under a job has crashed; one that is not there is unreachable and costs no attempt', async () => {
    server.queue.faults.push('hang');
    const job = generate({}, ({ step }) => step === 0 && void server.close());
    await expect(job).rejects.toMatchObject({ code: 'engine_crashed', retry: true });
    await expect(generate()).rejects.toMatchObject({ code: 'engine_unreachable', countsAsAttempt: false });
  });

  test('LoRAs, control pictures and references are drawn with, and another base’s LoRA is refused', async () => {
    const image = await sharp({ create: { width: 64, height: 64, channels: 4, background: '#888' } })
      .png()
      .toBuffer();
    const plain = (await generate()).images[0];
    const rich = await generate({
      loras: [{ id: 'tiny-lora', weight: 0.5 }],
      controls: [{ type: 'canny', image, weight: 1, start: 0, end: 0.5 }],
      references: [{ image, weight: 1 }],
    });
    expect(rich.images[0]?.png).not.toEqual(plain?.png);
    const other = generate({ model: 'tiny-sdxl', loras: [{ id: 'tiny-lora', weight: 1 }] });
    await expect(other).rejects.toMatchObject({ code: 'engine_model_missing', retry: false });
  });

  test('a version that is not supported is named, as is a node that the server lacks', async () => {
    server.switches.version = '6.12.0';
    await expect(engine.capabilities()).rejects.toThrow('InvokeAI 6.12.0 is not supported: install 6.13.8 or later');
  });
});
