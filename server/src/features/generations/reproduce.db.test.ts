import { expect, onTestFinished } from 'vitest';
import { aPicture } from '#adapters/pictures/test-pictures.ts';
import { aKeyCaller, aSessionCaller, type Caller, test, type TestApi } from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';
import { accountFacts } from '#test/queue-invariants.ts';
import { aRunningWorker, untilStatus } from '#test/worker.ts';

async function aWorkerHere(db: TestDatabase, api: TestApi) {
  const costUs = { encode: 1_000, step: 500, decode: 1_000 };
  const worker = await aRunningWorker(db, { storage: api.storage, costUs });
  onTestFinished(worker.stop);
  return worker;
}
const get = async (api: TestApi, as: Caller, path: string) => (await api.call({ url: `/api/v1${path}`, as })).json();
const reproduce = (api: TestApi, as: Caller, imageId: string, headers = {}) =>
  api.call({ method: 'POST', url: `/api/v1/images/${imageId}/reproduce`, as, headers });

/** Makes a job and waits for its end; the job as its owner sees it. */
async function aFinishedJob(db: TestDatabase, api: TestApi, as: Caller, payload: object) {
  const body = { prompt: '웃는 고양이', width: 64, height: 64, steps: 2, ...payload };
  const { job_id: id } = (await api.call({ method: 'POST', url: '/api/v1/generate', as, payload: body })).json();
  await untilStatus(db, id);
  return get(api, as, `/jobs/${id}`);
}
async function ended(db: TestDatabase, api: TestApi, as: Caller, jobId: string) {
  await untilStatus(db, jobId);
  return get(api, as, `/jobs/${jobId}`);
}
const anUpload = async (api: TestApi, as: Caller): Promise<string> => {
  const form = new FormData();
  form.append(
    'file',
    new Blob([new Uint8Array(await aPicture(64, 64).png().toBuffer())], { type: 'image/png' }),
    'a.png',
  );
  const request = new Request('http://localhost', { method: 'POST', body: form });
  const payload = Buffer.from(await request.arrayBuffer());
  const headers = { 'content-type': request.headers.get('content-type') ?? '' };
  return (await api.call({ method: 'POST', url: '/api/v1/uploads', as, payload, headers })).json().image_id;
};
/** Changes what the recipe of a picture says. */
const rewrite = (db: TestDatabase, imageId: string, path: string, value: string) =>
  db.owner.pool.query(
    'update image set recipe = jsonb_set(recipe, $2::text[], to_jsonb($3::text)) where image_id = $1',
    [imageId, path.split('.'), value],
  );

test('one picture of a batch is made again with its own seed and the same pixels, and is priced and counted like a submit', async ({
  db,
  api,
}) => {
  const worker = await aWorkerHere(db, api);
  const caller = await aKeyCaller(db);
  const first = await aFinishedJob(db, api, caller, {
    model: worker.modelId,
    count: 2,
    seed: '41',
    scheduler: 'heun',
    negative_prompt: '비',
  });
  const image = first.images[1];
  const answer = await reproduce(api, caller, image.image_id);
  expect([answer.statusCode, answer.headers['location']]).toEqual([202, `/api/v1/jobs/${answer.json().job_id}`]);
  const job = await ended(db, api, caller, answer.json().job_id);
  expect(job).toMatchObject({
    status: 'succeeded',
    request: { ...first.request, seed: '42', count: 1, metadata: {} },
    reproduction: { of_image_id: image.image_id, verdict: 'identical', distance: 0, why: expect.any(String) },
    images: [{ seed: '42' }],
  });
  // 3 ms an image, and the surcharge of a call.
  expect(job.charged_credits).toBe(20.003);
  expect(await accountFacts(db, caller.workspaceId)).toMatchObject({
    api_calls_in_period: 2,
    balance: 1_000_000 - 20_006 - 20_003,
  });
  expect(first.reproduction).toBeNull();
});

test('fifty calls with one key make one job, and a call by session is not surcharged', async ({ db, api }) => {
  const worker = await aWorkerHere(db, api);
  const caller = await aSessionCaller(db);
  const { images } = await aFinishedJob(db, api, caller, { model: worker.modelId });
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => reproduce(api, caller, images[0].image_id, { 'idempotency-key': 'again' })),
  );
  expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
  expect(answers.filter((answer) => answer.headers['idempotent-replayed'] === 'true')).toHaveLength(49);
  expect((await ended(db, api, caller, answers[0]!.json().job_id)).charged_credits).toBe(0.003);
});

test('a picture made from a source is made again from the same source, also while that is in the trash', async ({
  db,
  api,
}) => {
  const worker = await aWorkerHere(db, api);
  const caller = await aSessionCaller(db);
  const source = await anUpload(api, caller);
  const { images } = await aFinishedJob(db, api, caller, {
    model: worker.modelId,
    init_image_id: source,
    strength: 0.5,
  });
  await api.call({ method: 'DELETE', url: `/api/v1/images/${source}`, as: caller });
  const job = await ended(db, api, caller, (await reproduce(api, caller, images[0].image_id)).json().job_id);
  expect(job).toMatchObject({ status: 'succeeded', reproduction: { verdict: 'identical' } });
});

test('what cannot be repeated is neither rendered nor charged, and says why', async ({ db, api }) => {
  const worker = await aWorkerHere(db, api);
  const caller = await aKeyCaller(db);
  const source = await anUpload(api, caller);
  const cases: [why: RegExp, spoil: (imageId: string) => Promise<unknown>][] = [
    [/made by fake 0\.9; this is 1/, (id) => rewrite(db, id, 'model.engine_version', '0.9')],
    [/made by the engine other; .* on fake/, (id) => rewrite(db, id, 'model.engine', 'other')],
    [/another one than it was/, (id) => rewrite(db, id, 'model.base', 'older')],
    [/refused|cannot|scheduler/i, (id) => rewrite(db, id, 'request.scheduler', 'forgotten')],
    [
      new RegExp(`source picture ${source} has been deleted`),
      () => db.owner.pool.query('delete from image where image_id = $1', [source]),
    ],
  ];
  for (const [why, spoil] of cases) {
    const { images } = await aFinishedJob(db, api, caller, {
      model: worker.modelId,
      init_image_id: source,
      strength: 0.5,
    });
    await spoil(images[0].image_id);
    const [calls, before] = [worker.engine.calls.length, await accountFacts(db, caller.workspaceId)];
    const job = await ended(db, api, caller, (await reproduce(api, caller, images[0].image_id)).json().job_id);
    expect(job).toMatchObject({
      status: 'failed',
      charged_credits: 0,
      images: [],
      reproduction: {
        of_image_id: images[0].image_id,
        verdict: 'impossible',
        distance: null,
        why: expect.stringMatching(why),
      },
    });
    const after = await accountFacts(db, caller.workspaceId);
    expect([after.balance, after.held, after.api_calls_in_period]).toEqual([
      before.balance,
      0,
      before.api_calls_in_period,
    ]);
    if (String(why).includes('made')) expect(worker.engine.calls).toHaveLength(calls);
  }
});

test('a picture that is deleted before its job starts ends the job free of charge', async ({ db, api }) => {
  const worker = await aWorkerHere(db, api);
  const caller = await aSessionCaller(db);
  const { images, job_id: first } = await aFinishedJob(db, api, caller, { model: worker.modelId });
  worker.engine.hold();
  const blocker = (await reproduce(api, caller, images[0].image_id)).json().job_id;
  await untilStatus(db, blocker, ['running']);
  const { job_id: id } = (await reproduce(api, caller, images[0].image_id)).json();
  expect((await get(api, caller, `/jobs/${id}`)).reproduction).toEqual({
    of_image_id: images[0].image_id,
    verdict: null,
    distance: null,
    why: null,
  });
  await api.call({ method: 'DELETE', url: `/api/v1/jobs/${first}`, as: caller });
  worker.engine.release();
  expect(await ended(db, api, caller, id)).toMatchObject({
    status: 'failed',
    charged_credits: 0,
    reproduction: { verdict: 'impossible', why: expect.stringContaining('deleted') },
  });
});

test('an engine that draws something else is found out: near is similar, far is impossible with its distance', async ({
  db,
  api,
}) => {
  const worker = await aWorkerHere(db, api);
  const caller = await aSessionCaller(db);
  const { images } = await aFinishedJob(db, api, caller, { model: worker.modelId, width: 128, height: 128 });
  const { rows } = await db.owner.pool.query<{ storage_key: string }>(
    'select storage_key from image where image_id = $1',
    [images[0].image_id],
  );
  const key = rows[0]!.storage_key;
  const { sharp } = await import('#adapters/pictures/bounded-sharp.ts');
  const original = Buffer.from((await api.storage.get(key))!);
  const replay = async (png: Buffer) => {
    await api.storage.put(key, png, { contentType: 'image/png' });
    return (await ended(db, api, caller, (await reproduce(api, caller, images[0].image_id)).json().job_id))
      .reproduction;
  };
  const near = await replay(await sharp(original).modulate({ brightness: 1.03 }).png().toBuffer());
  expect([near.verdict, near.distance > 0, near.distance <= 0.1]).toEqual(['similar', true, true]);
  const far = await replay(await sharp(original).negate({ alpha: false }).png().toBuffer());
  expect([far.verdict, far.distance > 0.1]).toEqual(['impossible', true]);
  expect(far.why).toContain('another picture');
  expect(await replay(Buffer.from('no picture'))).toMatchObject({
    verdict: 'impossible',
    distance: null,
    why: expect.stringContaining('could not be read'),
  });
});

test('an upload, a picture in the trash and a model that is switched off are refused before anything is held', async ({
  db,
  api,
}) => {
  const worker = await aWorkerHere(db, api);
  const caller = await aSessionCaller(db);
  const { images } = await aFinishedJob(db, api, caller, { model: worker.modelId });
  const id = images[0].image_id;
  expect((await reproduce(api, caller, await anUpload(api, caller))).json()).toMatchObject({
    code: 'invalid_request',
    errors: [{ pointer: '/image_id' }],
  });
  await db.owner.pool.query('update model set enabled = false where model_id = $1', [worker.modelId]);
  expect((await reproduce(api, caller, id)).json().code).toBe('model_not_found');
  await api.call({ method: 'DELETE', url: `/api/v1/images/${id}`, as: caller });
  expect((await reproduce(api, caller, id)).json().code).toBe('image_not_found');
  expect(await accountFacts(db, caller.workspaceId)).toMatchObject({ held: 0, active_jobs: 0 });
});
