import { plans } from '@pingvas/domain';
import { describe, expect } from 'vitest';
import { aCatalogueModel, aKeyCaller, createTestApi, test } from '#test/app.ts';
import { aModel, aWorker } from '#test/factories.ts';

describe('the catalogue', () => {
  test('shows what a model can do, what an image costs, and whether a worker that is alive has it', async ({
    db,
    api,
  }) => {
    const model = await aCatalogueModel(db);
    const caller = await aKeyCaller(db, { plan: 'free' });
    const find = async () =>
      (await api.call({ url: '/api/v1/models', as: caller }))
        .json()
        .data.find(({ id }: { id: string }) => id === model);
    expect(await find()).toEqual({
      id: model,
      name: model,
      base: 'test',
      engine: 'fake',
      available: false,
      modes: ['txt2img', 'img2img', 'inpaint'],
      sizes: {
        min: { width: 64, height: 64 },
        max: { width: 512, height: 512 },
        default: { width: 256, height: 256 },
        multiple_of: 64,
        only: [],
      },
      steps: { min: 1, max: 50, default: 12 },
      guidance: { min: 1, max: 20, default: 4 },
      schedulers: ['euler', 'ddim'],
      styles: ['sketch'],
      languages: ['ko', 'en'],
      licence: 'MIT',
      control_types: [],
      reference_images_max: 0,
      loras_max: 0,
      loras: [],
      credits_per_image: 3,
    });
    const worker = await aWorker(db, [model]);
    expect((await find()).available).toBe(true);
    await db.owner.pool.query("update worker set seen_at = now() - interval '16 seconds' where worker_id = $1", [
      worker,
    ]);
    expect((await find()).available).toBe(false);
  });

  test('shows a workspace only what its plan may use and what the operator has enabled', async ({ db, api }) => {
    const [studioOnly, disabled] = [await aCatalogueModel(db), await aCatalogueModel(db)];
    await db.owner.pool.query("update model set plans = array['studio', 'enterprise'] where model_id = $1", [
      studioOnly,
    ]);
    await db.owner.pool.query('update model set enabled = false where model_id = $1', [disabled]);
    const idsFor = async (plan: 'pro' | 'studio') =>
      (await api.call({ url: '/api/v1/models', as: await aKeyCaller(db, { plan }) }))
        .json()
        .data.map(({ id }: { id: string }) => id);
    expect(await idsFor('pro')).not.toContain(studioOnly);
    expect(await idsFor('studio')).toContain(studioOnly);
    expect(await idsFor('studio')).not.toContain(disabled);
  });

  test('a row with incomplete capabilities is left out and takes no other with it', async ({ db, api }) => {
    const [broken, whole] = [await aModel(db), await aCatalogueModel(db)];
    const answer = await api.call({ url: '/api/v1/models', as: await aKeyCaller(db) });
    const ids = answer.json().data.map(({ id }: { id: string }) => id);
    expect([answer.statusCode, ids.includes(broken), ids.includes(whole)]).toEqual([200, false, true]);
  });

  test('the first model of the engine named first is the default', async ({ db }) => {
    const model = await aCatalogueModel(db);
    await db.owner.pool.query("update model set engine = 'first', position = 99 where model_id = $1", [model]);
    await aWorker(db, [model]);
    const config = {
      production: false,
      publicUrl: 'http://localhost:8000',
      engines: ['first' as never, 'fake' as const],
      http: { trustProxy: false as const },
      authSecret: 's'.repeat(32),
    };
    const api = await createTestApi(db, { config });
    const caller = await aKeyCaller(db);
    const quote = await api.call({ method: 'POST', url: '/api/v1/quotes', as: caller, payload: { prompt: 'x' } });
    expect(quote.json()).toMatchObject({ expected_credits: 23 });
    expect((await api.call({ url: '/api/v1/models', as: caller })).json().data[0].id).toBe(model);
    await api.close();
    await db.owner.pool.query('delete from model where model_id = $1', [model]);
  });
});

test('the offer is public and is the table that charges are computed from', async ({ api }) => {
  const offer = (await api.call({ url: '/api/v1/plans' })).json();
  expect(offer.data.map((plan: { id: string }) => plan.id)).toEqual(['free', 'starter', 'pro', 'studio', 'enterprise']);
  expect(offer.data[2]).toEqual({
    id: 'pro',
    name: 'Pro',
    monthly_usd: 75,
    yearly_usd: 750,
    credits_per_month: 7_500,
    storage_bytes: 50_000_000_000,
    api_calls_per_month: 500,
    priority: 6,
    running_max: 4,
    waiting_max: 1_000,
    members: 1,
  });
  expect(offer.data[4]).toMatchObject({
    monthly_usd: null,
    credits_per_month: null,
    priority: plans.enterprise.priority,
  });
  expect(offer.packs).toEqual([
    { id: 'pack_1000', credits: 1_000, usd: 10 },
    { id: 'pack_5000', credits: 5_000, usd: 45 },
    { id: 'pack_20000', credits: 20_000, usd: 160 },
  ]);
  expect(offer.rules).toMatchObject({ credits_per_gpu_second: 1, credits_per_api_call: 20 });
});
