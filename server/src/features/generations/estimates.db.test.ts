import { expect } from 'vitest';
import { timingKey } from '#features/models/index.ts';
import { createMetrics } from '#platform/telemetry.ts';
import { aCatalogueModel, aKeyCaller, test, type TestApi } from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';
import { aSubmit, aWorkspace, aWorker } from '#test/factories.ts';
import { addEstimateMetrics } from './estimate-metrics.ts';
import { generationsChores } from './generations.jobs.ts';

const shape = { mode: 'txt2img', width: 256, height: 256, steps: 12, scheduler: 'euler', guided: true };
const defaultKey = timingKey({ ...shape, loras: 0, controls: 0, references: 0, factor: 1 });

type Measured = {
  model: string;
  billed: number[];
  device?: string;
  images?: number;
  outcome?: string;
  daysAgo?: number;
  expected?: number;
};

/** Generations that ended, each with one attempt that took as long as said. */
async function measured(
  db: TestDatabase,
  { model, billed, device = 'test', images = 1, outcome = 'succeeded', daysAgo = 0, expected = 1_000 }: Measured,
): Promise<void> {
  const workspace = await aWorkspace(db);
  const { level, request, period } = { ...aSubmit(workspace, model), period: new Date() };
  await db.owner.pool.query(
    `with made as (
       insert into generation (generation_id, workspace_id, status, model_id, mode, level, request, expected, ceiling, surcharge, charged, attempt,
         timeout_ms, start_by, finished_at, period_start, timing_shape, timing_images)
       select (lpad(to_hex((extract(epoch from now() - $9 * interval '1 day') * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 19))::uuid,
         $1, $8, $2, 'txt2img', $3, $4, $10::bigint + 20000, 2 * $10::bigint + 20000, 20000, b, 1, 1000, now(), now(), $5, $6, $7
       from unnest($11::bigint[]) b returning generation_id, workspace_id, charged)
     insert into generation_attempt (generation_id, number, workspace_id, worker_id, worker_name, device, device_class, outcome, billed)
     select generation_id, 1, workspace_id, gen_random_uuid(), 'w', 'd', $12, $8, charged from made`,
    [
      workspace.workspaceId,
      model,
      level,
      request,
      period,
      defaultKey,
      images,
      outcome,
      daysAgo,
      expected,
      billed,
      device,
    ],
  );
}

const times = (count: number, ms: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => ms(i));
const refresh = (db: TestDatabase) => generationsChores({ db: db.app })['refresh_timings']?.({});
const quoteFor = async (api: TestApi, db: TestDatabase, model: string, count = 1) => {
  const caller = await aKeyCaller(db);
  const answer = await api.call({
    method: 'POST',
    url: '/api/v1/quotes',
    as: caller,
    payload: { model, prompt: 'x', count },
  });
  return [answer.json().expected_credits - 20, answer.json().ceiling_credits - 20].map((credits) =>
    Math.round(credits * 1_000),
  );
};

test('after twenty images of a shape quotes, submits and the catalogue’s price follow what was measured', async ({
  db,
  api,
}) => {
  const model = await aCatalogueModel(db);
  // 19 of 1,000 ms to 1,018 ms are not enough.
  await measured(db, { model, billed: times(19, (i) => 1_000 + i) });
  await refresh(db);
  expect(await quoteFor(api, db, model)).toEqual([3_000, 6_000]);
  await measured(db, { model, billed: [1_700] });
  await refresh(db);
  expect(await quoteFor(api, db, model)).toEqual([1_009, 1_700]);
  expect(await quoteFor(api, db, model, 3)).toEqual([3_027, 5_100]);
  const caller = await aKeyCaller(db);
  const catalogue = (await api.call({ url: '/api/v1/models', as: caller })).json().data;
  expect(catalogue.find(({ id }: { id: string }) => id === model).credits_per_image).toBe(1.009);
  const payload = { model, prompt: 'x' };
  const accepted = (await api.call({ method: 'POST', url: '/api/v1/generate', as: caller, payload })).json();
  expect(accepted.held_credits).toBe(21.7);
  const { rows } = await db.owner.pool.query(
    'select timing_shape, timing_images from generation where generation_id = $1',
    [accepted.job_id],
  );
  expect(rows).toEqual([{ timing_shape: defaultKey, timing_images: 1 }]);
});

test('a job of several images is one sample, the mean of its images', async ({ db, api }) => {
  const model = await aCatalogueModel(db);
  await measured(db, { model, images: 4, billed: times(20, () => 8_000) });
  await refresh(db);
  expect(await quoteFor(api, db, model)).toEqual([2_000, 3_000]);
});

test('the slowest device class that has a living worker decides; failed attempts and those older than a week say nothing', async ({
  db,
  api,
}) => {
  const model = await aCatalogueModel(db);
  await measured(db, { model, device: 'test', billed: times(20, () => 1_000) });
  await measured(db, { model, device: 'gone', billed: times(20, () => 5_000) });
  await measured(db, { model, device: 'test', outcome: 'failed', billed: times(50, () => 9_000) });
  await measured(db, { model, device: 'test', daysAgo: 8, billed: times(50, () => 7_000) });
  await refresh(db);
  expect(await quoteFor(api, db, model)).toEqual([5_000, 7_500]);
  await aWorker(db, [model]);
  expect(await quoteFor(api, db, model)).toEqual([1_000, 1_500]);
});

test('a shape that nobody asks for keeps what it learned for a week', async ({ db, api }) => {
  const model = await aCatalogueModel(db);
  const known = (days: number) =>
    db.owner.pool.query(
      `insert into timing_quantile values ($1, $2, 'test', 30, 2000, 2500, now() - $3 * interval '1 day')
       on conflict (model_id, timing_shape, device_class) do update set refreshed_at = excluded.refreshed_at`,
      [model, defaultKey, days],
    );
  await known(6);
  await refresh(db);
  expect(await quoteFor(api, db, model)).toEqual([2_000, 3_000]);
  await known(8);
  await refresh(db);
  expect(await quoteFor(api, db, model)).toEqual([3_000, 6_000]);
});

test('the metrics show by model how well estimates fit', async ({ db }) => {
  const model = await aCatalogueModel(db);
  // Expected 1,000 ms, ceiling 2,000 ms: six within half of it, two too long, one of them above the ceiling, two too short.
  await measured(db, { model, billed: [500, 800, 900, 1_000, 1_200, 1_500, 1_600, 2_100, 100, 200] });
  await measured(db, { model, billed: [50_000], daysAgo: 2 });
  const metrics = createMetrics('test');
  addEstimateMetrics(metrics, db.app);
  const page = await metrics.registry.metrics();
  const valueOf = (name: string) =>
    Number(new RegExp(`pingvas_estimate_${name}\\{model="${model}",process="test"\\} (\\S+)`).exec(page)?.[1]);
  expect(['jobs', 'within_half', 'overrun', 'ratio'].map(valueOf)).toEqual([10, 0.6, 0.1, 0.9]);
});
