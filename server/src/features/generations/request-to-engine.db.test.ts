import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { expect } from 'vitest';
import { aFakeModel } from '#adapters/engine/fake.ts';
import type { EngineLora, GenerateSpec } from '#adapters/engine/port.ts';
import { aKeyCaller, test, type TestApi } from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';
import { upload } from '#test/uploads.ts';
import { aRunningWorker, type Ended, untilStatus } from '#test/worker.ts';

type Journey = {
  submit: (body: object) => Promise<{ spec: GenerateSpec; job: Ended; request: Record<string, unknown> }>;
};

const ink: EngineLora = { id: `ink-${randomUUID()}`, name: 'Ink', base: 'fake', triggerWords: ['ink'], weight: 0.6 };

/** One colour, wide or high, as a person would upload it. */
const picture = (background: string, width = 96, height = 64): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();

/** Sends requests through the public API to a worker, and shows what its engine was asked to draw. */
async function withWorker(
  db: TestDatabase,
  api: TestApi,
  play: (journey: Journey & { uploaded: (color: string) => Promise<string> }) => Promise<void>,
): Promise<void> {
  const worker = await aRunningWorker(db, { storage: api.storage, loras: [ink] });
  const as = await aKeyCaller(db, { plan: 'studio' });
  let asked = 0;
  await play({
    uploaded: async (color) => (await upload(api, as, await picture(color))).json().image_id,
    submit: async (body) => {
      const payload = { model: worker.modelId, prompt: '고양이', width: 64, height: 64, steps: 2, ...body };
      const answer = await api.call({ method: 'POST', url: '/api/v1/generate', as, payload });
      expect([answer.statusCode, answer.json()]).toMatchObject([202, {}]);
      const id = answer.json().job_id;
      const job = await untilStatus(db, id);
      const { request } = (await api.call({ url: `/api/v1/jobs/${id}`, as })).json();
      return { spec: worker.engine.calls[asked++]!, job, request };
    },
  });
  await worker.stop();
}

const look = async (png: Uint8Array): Promise<unknown> => {
  const { width, height } = await sharp(png).metadata();
  const { dominant } = await sharp(png).stats();
  const bright = (value: number): boolean => value > 128;
  return [width, height, [dominant.r, dominant.g, dominant.b].map(bright)];
};

test('control and reference pictures reach the engine, each in its place and as it was weighted', async ({ db, api }) =>
  withWorker(db, api, async ({ uploaded, submit }) => {
    const [red, green, blue] = [await uploaded('#f00'), await uploaded('#0f0'), await uploaded('#00f')];
    const { spec, job } = await submit({
      control: [
        { image_id: red, type: 'canny', weight: 0.8, start: 0.1, end: 0.9 },
        { image_id: green, type: 'depth' },
      ],
      reference_images: [{ image_id: blue, weight: 0.5 }, { image_id: red }],
    });
    expect(job.status).toBe('succeeded');
    expect(spec.controls).toMatchObject([
      { type: 'canny', weight: 0.8, start: 0.1, end: 0.9 },
      { type: 'depth', weight: 1, start: 0, end: 1 },
    ]);
    // Control pictures have the size of the canvas; a reference is looked at as it is.
    expect(await Promise.all(spec.controls.map(({ image }) => look(image)))).toEqual([
      [64, 64, [true, false, false]],
      [64, 64, [false, true, false]],
    ]);
    expect(spec.references.map(({ weight }) => weight)).toEqual([0.5, 1]);
    expect(await Promise.all(spec.references.map(({ image }) => look(image)))).toEqual([
      [96, 64, [false, false, true]],
      [96, 64, [true, false, false]],
    ]);
  }));

test('a LoRA that names no weight gets the one of the catalogue, and the job says so', async ({ db, api }) =>
  withWorker(db, api, async ({ submit }) => {
    const plain = await submit({ loras: [{ id: ink.id }] });
    expect(plain.spec.loras).toEqual([{ id: ink.id, weight: 0.6 }]);
    expect(plain.request['loras']).toEqual([{ id: ink.id, weight: 0.6 }]);
    const own = await submit({ loras: [{ id: ink.id, weight: -0.5 }] });
    expect(own.spec.loras).toEqual([{ id: ink.id, weight: -0.5 }]);
  }));

test('an outpaint and an upscale are delivered in the size they ask for', async ({ db, api }) =>
  withWorker(db, api, async ({ uploaded, submit }) => {
    const init = await uploaded('#fff');
    const sides = { left: 64, top: 0, right: 32, bottom: 8 };
    const outpaint = await submit({ init_image_id: init, outpaint: sides });
    expect(outpaint.spec).toMatchObject({ mode: 'outpaint', width: 64, height: 64, outpaint: sides });
    expect(await look(outpaint.spec.initImage!)).toEqual([64, 64, [true, true, true]]);
    const upscale = await submit({ init_image_id: init, upscale: { factor: 4 } });
    expect(upscale.spec).toMatchObject({ mode: 'upscale', upscaleFactor: 4 });
    const sizes = await Promise.all(
      [outpaint, upscale].map(async ({ job }) => {
        const { width, height } = await sharp(await api.storage.get(job.images[0]!.storage_key)).metadata();
        return [width, height];
      }),
    );
    expect(sizes).toEqual([
      [160, 72],
      [256, 256],
    ]);
  }));

test('a control picture deleted while the job waits ends it free, and says which picture is gone', async ({
  db,
  api,
}) => {
  const as = await aKeyCaller(db, { plan: 'studio' });
  const worker = await aRunningWorker(db, { storage: api.storage });
  await worker.engine.close();
  const image = (await upload(api, as, await picture('#f00'))).json().image_id;
  const payload = { model: worker.modelId, prompt: 'x', control: [{ image_id: image, type: 'canny' }] };
  const { job_id: id } = (await api.call({ method: 'POST', url: '/api/v1/generate', as, payload })).json();
  await db.owner.pool.query('delete from public.image where image_id = $1', [image]);
  await worker.stop();
  const heir = await aRunningWorker(db, { storage: api.storage, models: [aFakeModel({ id: worker.modelId })] });
  const job = await untilStatus(db, id);
  await heir.stop();
  expect(job).toMatchObject({ status: 'failed', error_code: 'engine_invalid_request', attempts: [{ billed: 0 }] });
  const { rows } = await db.owner.pool.query('select error_detail from public.generation where generation_id = $1', [
    id,
  ]);
  expect(rows[0].error_detail).toContain(image);
});
