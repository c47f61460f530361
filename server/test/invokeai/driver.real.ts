import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { aGenerateSpec } from '#test/generate-spec.ts';
import { killRealServer, startRealServer } from '#test/invokeai/real-server.ts';
import { engineContract } from '#adapters/engine/engine.contract.ts';
import { families } from '#adapters/engine/invokeai/families/index.ts';
import { sampleGraphs } from '#adapters/engine/invokeai/graph/sample-graphs.ts';
import { createInvokeAiRest } from '#adapters/engine/invokeai/rest.ts';
import { createInvokeAiEngine } from '#adapters/engine/invokeai.ts';
import {
  type Engine,
  type GenerateOptions,
  type GenerateResult,
  type GenerateSpec,
  type Mode,
  resultSize,
} from '#adapters/engine/port.ts';

const { url, folder } = inject('invokeAi');

engineContract('the driver of a real InvokeAI', () => ({
  engine: createInvokeAiEngine({ url }),
  processes: () => [],
  drawsNoise: true,
  seam: 1 / 8,
}));

const side = 256;
const picture = (background: string): Promise<Buffer> =>
  sharp({ create: { width: side, height: side, channels: 3, background } })
    .png()
    .toBuffer();

describe('the driver of a real InvokeAI', () => {
  const rest = createInvokeAiRest(url);
  let engine: Engine;
  let left: number;
  let turn = 0;
  const attempts: string[] = [];
  const intermediates = async (): Promise<number> =>
    Number(await (await fetch(new URL('/api/v1/images/intermediates', url))).text());
  beforeAll(async () => {
    engine = createInvokeAiEngine({ url });
    await engine.capabilities();
    left = await intermediates();
  });
  afterAll(() => engine.close());

  const generate = (
    changes: Partial<GenerateSpec>,
    options: Partial<GenerateOptions> = {},
  ): Promise<GenerateResult> => {
    const attemptId = `real-${++turn}`;
    attempts.push(attemptId);
    return engine.generate(
      aGenerateSpec({ attemptId, model: 'tiny-sd1', width: side, height: side, guidance: 5, ...changes }),
      { signal: new AbortController().signal, onProgress: () => undefined, ...options },
    );
  };

  test.each(['tiny-sd1', 'tiny-sd1-inpaint', 'tiny-sdxl', 'tiny-sd3', 'tiny-flux2-klein', 'tiny-z-image'])(
    '%s draws in every mode that it names, in the size asked for',
    async (id) => {
      const model = (await engine.capabilities()).models.find((candidate) => candidate.id === id);
      const [initImage, maskImage] = await Promise.all([picture('#c42'), picture('#fff')]);
      const fieldsOf: Record<Mode, Partial<GenerateSpec>> = {
        txt2img: {},
        img2img: { initImage, strength: 0.6 },
        inpaint: { initImage, maskImage, strength: 0.6 },
        outpaint: { initImage, strength: 0.8, outpaint: { left: 64, top: 0, right: 0, bottom: 32 } },
        upscale: { initImage, upscaleFactor: 2 },
      };
      expect(model?.modes.length).toBeGreaterThan(1);
      for (const mode of model?.modes ?? []) {
        const { steps, guidance, schedulers } = model!;
        const spec = { model: id, mode, steps: steps.min + 1, guidance: guidance.default, scheduler: schedulers[0]! };
        const { images } = await generate({ ...spec, ...fieldsOf[mode] });
        expect(images[0]).toMatchObject(resultSize(aGenerateSpec({ width: side, height: side, ...fieldsOf[mode] })));
      }
    },
  );

  test('a LoRA and a reference change what is drawn, and a control picture is taken', async () => {
    const image = await picture('#888');
    const pictures = [
      await generate({}),
      await generate({ loras: [{ id: 'tiny-sd1-lora', weight: 2 }] }),
      await generate({ references: [{ image, weight: 1 }] }),
    ].map(({ images }) => Buffer.from(images[0]!.png).toString('base64'));
    expect(new Set(pictures).size).toBe(pictures.length);
    // The last layers of a ControlNet that was never trained are zero: it changes nothing.
    const controls = [{ type: 'canny', image, weight: 1, start: 0, end: 1 }];
    expect((await generate({ controls })).images).toHaveLength(1);
  });

  test.each(['a (cat', '((((', '[b]{c}|', '<lora:x:1>', 'cat++--', '"', '', '\u0000', '🐈'.repeat(40)])(
    'a prompt that its parser dislikes is drawn: %j',
    async (prompt) => {
      expect((await generate({ prompt, steps: 1 })).images).toHaveLength(1);
    },
  );

  test.each(families.map((family) => [family.base, family] as const))(
    'every graph of %s is accepted by its validation',
    async (base, family) => {
      for (const [index, graph] of sampleGraphs(family).entries()) {
        const destination = `graph-${base}-${index}`;
        const { enqueued } = await rest.enqueue({ batchId: destination, destination, graph });
        expect(enqueued).toBe(1);
        await rest.cancelDestination(destination);
        await rest.deleteDestination(destination);
      }
    },
  );

  test('a row that blocks its queue is taken out, and the job behind it is drawn', async () => {
    const [graph] = sampleGraphs(families.find(({ base }) => base === 'sd-1')!);
    const data = [[{ node_path: 'noise', field_name: 'width', items: [65] }]];
    const batch = { batch_id: 'blocker', origin: 'x', destination: 'blocker', runs: 1, graph, data };
    const reply = await fetch(new URL('/api/v1/queue/default/enqueue_batch', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prepend: false, batch }),
    });
    expect(reply.status).toBe(200);
    expect((await generate({})).images).toHaveLength(1);
    expect(await rest.batchTotal('blocker')).toBe(0);
  });

  test('each of many mixed jobs gets its own picture, the same as alone', async () => {
    const jobs = Array.from({ length: 40 }, (_, i) => ({
      model: i % 2 === 0 ? 'tiny-sd1' : 'tiny-sdxl',
      seed: i % 10,
      steps: 2,
      width: 64,
      height: 64,
    }));
    const results = await Promise.all(jobs.map((job) => generate(job)));
    const bySpec = new Map<string, Set<string>>();
    for (const [i, { images }] of results.entries()) {
      const key = JSON.stringify(jobs[i]);
      bySpec.set(key, (bySpec.get(key) ?? new Set()).add(Buffer.from(images[0]!.png).toString('base64')));
    }
    for (const drawn of bySpec.values()) expect(drawn.size).toBe(1);
    expect(new Set([...bySpec.values()].flatMap((drawn) => [...drawn])).size).toBe(bySpec.size);
  });

  test('nothing of ours stays on the server once it is forgotten', async () => {
    for (const attemptId of attempts) {
      await engine.forget?.(attemptId);
      expect(await rest.itemsOf(attemptId)).toEqual([]);
    }
    expect(await intermediates()).toBe(left);
  });

  test('a server killed under a job has crashed; started again, it draws the next attempt', async () => {
    const steps = 80;
    const job = generate({ steps }, { onProgress: ({ step }) => step === 1 && killRealServer(folder) });
    await expect(job).rejects.toMatchObject({ code: 'engine_crashed', retry: true });
    expect(await engine.health()).toBe(false);
    startRealServer(folder);
    expect((await generate({})).images).toHaveLength(1);
  });
});
