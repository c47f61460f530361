import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aFakeModel, createFakeEngine } from '#adapters/engine/fake.ts';
import type { EngineLora } from '#adapters/engine/port.ts';
import { addCatalogueRow, listCatalogue, setEnabled } from '#features/models/index.ts';
import { aKeyCaller, test } from '#test/app.ts';
import { aClaim, aGeneration, aModel, aWorker, aWorkspace } from '#test/factories.ts';
import { aGenerateSpec } from '#test/generate-spec.ts';
import { claimGeneration, registerWorker, settleGeneration } from './generations.queries.ts';
import { offerModels } from './offer-models.ts';

const adapters = { lorasMax: 2, controls: ['canny'], referencesMax: 1 };
const aLora = (base: string): EngineLora => ({
  id: `lora-${randomUUID()}`,
  name: 'Ink',
  base,
  triggerWords: ['ink drawing'],
  weight: 0.6,
});
const anEngine = (base: string, loras: EngineLora[]) => {
  const id = `model-${randomUUID()}`;
  const engine = createFakeEngine({ models: [aFakeModel({ id, base, adapters })] });
  return { id, engine: { ...engine, capabilities: async () => ({ ...(await engine.capabilities()), loras }) } };
};

test('what an engine has and the catalogue lacks is added only when that is switched on', async ({ db }) => {
  const { id, engine } = anEngine('sdxl', [aLora('sdxl')]);
  expect(await offerModels(db.worker, engine, false)).toMatchObject({
    models: [],
    loras: [],
    capabilities: { models: [] },
  });
  expect((await offerModels(db.worker, engine, true)).models).toEqual([id]);
  expect((await offerModels(db.worker, engine, false)).models).toEqual([id]);
});

test('a row made from a report follows later reports; the catalogue’s own words stay', async ({ db }) => {
  const { id, engine } = anEngine('sdxl', []);
  await offerModels(db.worker, engine, true);
  const changed = createFakeEngine({ models: [aFakeModel({ id, name: 'Renamed', base: 'sdxl' })] });
  const name = async () =>
    (await db.owner.pool.query<{ name: string }>('select name from model where model_id = $1', [id])).rows[0]?.name;
  await offerModels(db.worker, changed, false);
  expect(await name()).toBe('Renamed');
  await db.owner.pool.query("update model set follows_worker = false, name = 'Ours' where model_id = $1", [id]);
  await offerModels(db.worker, changed, true);
  expect(await name()).toBe('Ours');
});

test('an engine that knows a model by another key is asked by that key and offers it under the catalogue’s id', async ({
  db,
}) => {
  const { id: key, engine } = anEngine('sdxl', []);
  const model = await aModel(db);
  await db.owner.pool.query('update model set engine_keys = array[$2] where model_id = $1', [model, key]);
  const offer = await offerModels(db.worker, engine, true);
  expect(offer.models).toEqual([model]);
  expect(offer.capabilities.models.map(({ id }) => id)).toEqual([model]);
  const base = aFakeModel();
  await offer.engine.generate(aGenerateSpec({ model, steps: 1, guidance: 1, scheduler: base.schedulers[0] ?? '' }), {
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  expect(engine.calls.map((spec) => spec.model)).toEqual([key]);
  expect(offer.engine.loadedModel()).toBe(model);
});

test('a LoRA of another base, an unknown one, one that the plan may not use and one named twice are refused where they stand', async ({
  db,
  api,
}) => {
  const [ink, other, closed] = [aLora('sdxl'), aLora('sd-1'), aLora('sdxl')];
  const { id, engine } = anEngine('sdxl', [ink, other, closed]);
  await offerModels(db.worker, engine, true);
  await setEnabled(db.admin, closed.id, true, ['studio']);
  const as = await aKeyCaller(db, { plan: 'pro' });
  const submit = (...loras: string[]) =>
    api.call({
      method: 'POST',
      url: '/api/v1/generate',
      as,
      payload: { model: id, prompt: 'x', loras: loras.map((lora) => ({ id: lora })) },
    });
  for (const [loras, pointer, says] of [
    [[other.id], '/loras/0/id', /is for sd-1; the model .* is sdxl/],
    [[ink.id, 'nothing'], '/loras/1/id', /no such LoRA/],
    [[closed.id], '/loras/0/id', /no such LoRA/],
    [[ink.id, ink.id], '/loras/1/id', /twice/],
    [[ink.id, other.id, closed.id], '/loras', /at most 2/],
    [Array.from({ length: 100 }, (_, at) => `l${at}`), '/loras', /./],
  ] as const) {
    const answer = await submit(...loras);
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'invalid_request']);
    expect(answer.json().errors[0].pointer).toBe(pointer);
    expect(answer.json().errors[0].detail).toMatch(says);
  }
  expect((await submit(ink.id)).statusCode).toBe(202);
  const models = (await api.call({ url: '/api/v1/models', as })).json().data;
  expect(models.find((model: { id: string }) => model.id === id).loras).toContainEqual({
    id: ink.id,
    name: 'Ink',
    trigger_words: ['ink drawing'],
    default_weight: 0.6,
    licence: '',
    available: false,
  });
});

test('a control or reference picture that is not the workspace’s is the same 404 as none', async ({ db, api }) => {
  const { id, engine } = anEngine('sdxl', []);
  await offerModels(db.worker, engine, true);
  const as = await aKeyCaller(db, { plan: 'pro' });
  for (const field of [
    { control: [{ image_id: randomUUID(), type: 'canny' }] },
    { reference_images: [{ image_id: randomUUID() }] },
  ]) {
    const answer = await api.call({
      method: 'POST',
      url: '/api/v1/generate',
      as,
      payload: { model: id, prompt: 'x', ...field },
    });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'image_not_found']);
  }
});

test('a job goes only to a worker that has its LoRAs, and holds up nobody behind it', async ({ db }) => {
  const model = await aModel(db);
  const workspace = await aWorkspace(db);
  const request = { model, width: 64, height: 64, loras: [{ id: 'ink', weight: 1 }] };
  const withLora = await aGeneration(db, workspace, model, { request });
  const plain = await aGeneration(db, workspace, model);
  const bare = await aWorker(db, [model]);
  expect((await aClaim(db, bare, [model])).generation_id).toBe(plain);
  const claim = (id: string) =>
    claimGeneration(db.worker, { worker_id: id, models: [model], loaded_model: model, lease_s: 15 });
  expect(await claim(bare)).toBeFalsy();
  const equipped = await aWorker(db, [model]);
  await registerWorker(db.worker, {
    worker_id: equipped,
    name: 'test',
    engine: 'fake',
    device: 'd',
    device_class: 'c',
    models: [model],
    loaded_model: null,
    loras: ['ink', 'other'],
  });
  expect((await claim(equipped))?.generation_id).toBe(withLora);
});

const gib = 2 ** 30;
const sized = async (db: Parameters<typeof aWorker>[0], model: string, memoryBytes: number) => {
  const id = await aWorker(db, [model]);
  await registerWorker(db.worker, {
    worker_id: id,
    name: `${memoryBytes / gib} GiB`,
    engine: 'fake',
    device: 'd',
    device_class: 'c',
    models: [model],
    loaded_model: null,
    memory_bytes: memoryBytes,
  });
  return id;
};
const outOfMemory = (claim: { generation_id: string; attempt: number }, worker: string, bytes: number) => ({
  generation_id: claim.generation_id,
  attempt: claim.attempt,
  worker_id: worker,
  outcome: 'retry' as const,
  counts: true,
  error_code: 'engine_out_of_memory',
  error_detail: null,
  billed: 0,
  why: 'out of memory: free',
  images: [],
  recipe_sha256: null,
  timings: { load_us: 0, encode_us: 0, denoise_us: 0, decode_us: 0, upload_us: 0 },
  memory_more_than: bytes,
});

test('a job that a device was too small for goes to a bigger one, or ends free when there is none', async ({ db }) => {
  const model = await aModel(db);
  const workspace = await aWorkspace(db);
  const job = await aGeneration(db, workspace, model);
  const small = await sized(db, model, 8 * gib);
  const big = await sized(db, model, 24 * gib);
  const first = await aClaim(db, small, [model]);
  expect(await settleGeneration(db.worker, outOfMemory(first, small, 8 * gib))).toMatchObject({ outcome: 'requeued' });
  expect(
    await claimGeneration(db.worker, { worker_id: small, models: [model], loaded_model: model, lease_s: 15 }),
  ).toBeFalsy();
  const second = await aClaim(db, big, [model]);
  expect(second.generation_id).toBe(job);
  expect(await settleGeneration(db.worker, outOfMemory(second, big, 24 * gib))).toMatchObject({
    status: 'failed',
    charged: 0,
  });
});

test('a job handed back by a leaving worker is the first of its class again', async ({ db }) => {
  const model = await aModel(db);
  const workspace = await aWorkspace(db);
  const [first, second] = [await aGeneration(db, workspace, model), await aGeneration(db, workspace, model)];
  const worker = await aWorker(db, [model]);
  await db.owner.pool.query("update ready set enqueued_at = now() + interval '1 second' where generation_id = $1", [
    first,
  ]);
  await db.owner.pool.query("update generation set queued_at = now() + interval '1 second' where generation_id = $1", [
    first,
  ]);
  expect((await aClaim(db, worker, [model])).generation_id).toBe(second);
  const claim = await aClaim(db, worker, [model]);
  await aGeneration(db, workspace, model);
  const { memory_more_than: _, ...drained } = outOfMemory(claim, worker, 0);
  await settleGeneration(db.worker, { ...drained, counts: false, error_code: null });
  expect((await aClaim(db, worker, [model])).generation_id).toBe(first);
});

test('the operator sees which workers have a model, switches it off, and adds what was installed', async ({ db }) => {
  const id = `model-${randomUUID()}`;
  await addCatalogueRow(db.admin, {
    type: 'main',
    id,
    engine: 'fake',
    name: 'New',
    base: 'sdxl',
    source: '/models/new',
    plans: ['pro'],
  });
  await aWorker(db, [id]);
  const row = async () => (await listCatalogue(db.admin)).find((entry) => entry.id === id);
  expect(await row()).toMatchObject({ enabled: true, plans: ['pro'], source: '/models/new', workers: ['test'] });
  expect(await setEnabled(db.admin, id, false)).toBe(true);
  expect(await row()).toMatchObject({ enabled: false, plans: ['pro'] });
  expect(await setEnabled(db.admin, 'no such thing', false)).toBe(false);
});

test('the documented models are in the catalogue; one that no worker has is shown as unavailable', async ({ db }) => {
  const ids = (await listCatalogue(db.admin)).map(({ id }) => id);
  for (const id of ['mini', 'flux-schnell', 'flux-dev', 'sdxl', 'sd15']) expect(ids).toContain(id);
});
