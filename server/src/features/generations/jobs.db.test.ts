import { describe, expect, onTestFinished } from 'vitest';
import { aCatalogueModel, aKeyCaller, aSessionCaller, type Caller, test, type TestApi } from '#test/app.ts';
import { aGeneration, aModel, aSucceededGeneration } from '#test/factories.ts';
import { aRunningWorker, untilStatus } from '#test/worker.ts';

const submit = (api: TestApi, as: Caller, payload: object) =>
  api.call({
    method: 'POST',
    url: '/api/v1/generate',
    as,
    payload: { prompt: '고양이', width: 64, height: 64, ...payload },
  });
const get = async (api: TestApi, as: Caller, path: string) => (await api.call({ url: `/api/v1${path}`, as })).json();

describe('a job that ran', () => {
  test('shows its pictures and a receipt whose lines sum to the charge and whose rest was released', async ({
    db,
    api,
  }) => {
    const worker = await aRunningWorker(db, {
      storage: api.storage,
      costUs: { load: 900_000, encode: 500, step: 250, decode: 500 },
    });
    onTestFinished(worker.stop);
    const caller = await aKeyCaller(db);
    const { job_id: id, held_credits: held } = (
      await submit(api, caller, { model: worker.modelId, count: 2, steps: 4 })
    ).json();
    await untilStatus(db, id);
    const job = await get(api, caller, `/jobs/${id}`);
    // 2 × (0.5 + 4 × 0.25 + 0.5) ms = 4 ms and the API call; loading is free.
    expect(job).toMatchObject({
      status: 'succeeded',
      progress: 1,
      position: null,
      held_credits: 0,
      charged_credits: 20.004,
      attempt: 1,
      error: null,
    });
    expect(job.images).toHaveLength(2);
    for (const image of job.images) {
      expect(image.url).toBe(`http://localhost:8000/api/v1/images/${image.image_id}/content`);
      const bytes = await api.call({ url: new URL(image.url as string).pathname, as: caller });
      expect([bytes.statusCode, bytes.headers['content-type'], bytes.rawPayload.length]).toEqual([
        200,
        'image/png',
        image.bytes,
      ]);
      expect(
        (await api.call({ url: new URL(image.thumbnails[256] as string).pathname, query: { size: '256' }, as: caller }))
          .headers['content-type'],
      ).toBe('image/webp');
    }
    const receipt = await get(api, caller, `/jobs/${id}/receipt`);
    expect(receipt).toMatchObject({
      job_id: id,
      quote: { ceiling: held },
      attempts: [
        {
          number: 1,
          outcome: 'succeeded',
          load_ms: 900,
          encode_ms: 1,
          denoise_ms: 2,
          decode_ms: 1,
          gpu_ms: 4,
          billed_ms: 4,
        },
      ],
      lines: [
        { item: 'gpu_seconds', quantity: 0.004, credits: 0.004 },
        { item: 'api_call', quantity: 1, credits: 20 },
      ],
      charged_credits: 20.004,
      paid_from: [{ kind: 'purchase', credits: 20.004 }],
      entries: [{ kind: 'capture', credits: -20.004, balance_after: 979.996 }],
      recipe_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(receipt.released_credits).toBeCloseTo(held - 20.004, 9);
    const credits = await get(api, caller, '/credits');
    expect(credits).toMatchObject({ available: 979.996, held: 0, credits_used_this_month: 20.004 });
  });

  test('that failed costs nothing and says why', async ({ db, api }) => {
    const worker = await aRunningWorker(db, {
      storage: api.storage,
      // Twice another device's fault; the third time nothing can make it fit.
      faults: (_spec, call) => (call < 2 ? 'crash' : 'out_of_memory'),
    });
    onTestFinished(worker.stop);
    const caller = await aKeyCaller(db);
    const { job_id: id } = (await submit(api, caller, { model: worker.modelId })).json();
    await untilStatus(db, id);
    expect(await get(api, caller, `/jobs/${id}`)).toMatchObject({
      status: 'failed',
      charged_credits: 0,
      images: [],
      error: { code: 'engine_out_of_memory', charged: false, detail: expect.any(String) },
    });
    const receipt = await get(api, caller, `/jobs/${id}/receipt`);
    expect(receipt).toMatchObject({ charged_credits: 0, lines: [], paid_from: [], entries: [] });
    expect(receipt.attempts.map((attempt: { billed_ms: number }) => attempt.billed_ms)).toEqual([0, 0, 0]);
    // The API call is given back with it.
    expect(await get(api, caller, '/credits')).toMatchObject({ available: 1000, held: 0 });
  });

  test('loses words and pictures when its owner deletes it, and keeps the amounts', async ({ db, api }) => {
    const caller = await aSessionCaller(db);
    const { generation_id: id } = await aSucceededGeneration(db, caller, await aModel(db));
    const remove = () => api.call({ method: 'DELETE', url: `/api/v1/jobs/${id}`, as: caller });
    expect([(await remove()).statusCode, (await remove()).statusCode]).toEqual([204, 204]);
    expect(await get(api, caller, `/jobs/${id}`)).toMatchObject({
      status: 'succeeded',
      request: null,
      images: [],
      charged_credits: 1.234,
    });
    expect(await get(api, caller, `/jobs/${id}/receipt`)).toMatchObject({
      charged_credits: 1.234,
      recipe_sha256: null,
    });
  });
});

describe('a waiting job', () => {
  test('has a position, is cancelled at once, and gives everything back', async ({ db, api }) => {
    const caller = await aKeyCaller(db, { plan: 'starter' });
    const model = await aCatalogueModel(db);
    const jobs = await Promise.all(
      Array.from({ length: 4 }, async () => (await submit(api, caller, { model })).json()),
    );
    const statuses = jobs.map((job) => job.status as string).sort();
    expect(statuses).toEqual(['backlogged', 'backlogged', 'queued', 'queued']);
    const backlogged = jobs.filter((job) => job.status === 'backlogged');
    const positions = await Promise.all(
      backlogged.map(async (job) => (await get(api, caller, `/jobs/${job.job_id}`)).position as number),
    );
    expect(positions.sort()).toEqual([0, 1]);
    for (const { job_id: id } of jobs) {
      const cancel = () => api.call({ method: 'POST', url: `/api/v1/jobs/${id}/cancel`, as: caller });
      expect((await cancel()).json()).toMatchObject({
        status: 'cancelled',
        charged_credits: 0,
        cancel_requested_at: expect.any(String),
        position: null,
      });
      expect((await cancel()).statusCode).toBe(200);
    }
    expect(await get(api, caller, '/credits')).toMatchObject({ available: 1000, held: 0 });
  });

  test('cannot be deleted before it has ended', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    const id = await aGeneration(db, caller, await aModel(db));
    const answer = await api.call({ method: 'DELETE', url: `/api/v1/jobs/${id}`, as: caller });
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'job_not_ended']);
  });
});

describe('the list of jobs', () => {
  test('is newest first, in pages without gaps or doubles, and by status', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    const model = await aModel(db);
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) ids.push(await aGeneration(db, caller, model));
    await api.call({ method: 'POST', url: `/api/v1/jobs/${ids[2]}/cancel`, as: caller });
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { data: { job_id: string }[]; next_cursor: string | null } = await get(
        api,
        caller,
        `/jobs?limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.data.map((job) => job.job_id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(ids.toReversed());
    const cancelled = await get(api, caller, '/jobs?status=cancelled');
    expect(cancelled.data.map((job: { job_id: string }) => job.job_id)).toEqual([ids[2]]);
  });

  test('is that of the workspace a session names; a job by its id is found in any of them', async ({ db, api }) => {
    const [caller, host] = [await aSessionCaller(db), await aSessionCaller(db)];
    await db.owner.pool.query("insert into workspace_member (workspace_id, user_id, role) values ($1, $2, 'member')", [
      host.workspaceId,
      caller.userId,
    ]);
    const id = await aGeneration(db, host, await aModel(db));
    expect((await get(api, caller, '/jobs')).data).toEqual([]);
    expect((await get(api, caller, `/jobs?workspace_id=${host.workspaceId}`)).data).toMatchObject([{ job_id: id }]);
    expect(await get(api, caller, `/jobs/${id}`)).toMatchObject({ job_id: id });
    const cancelled = await api.call({ method: 'POST', url: `/api/v1/jobs/${id}/cancel`, as: caller });
    expect(cancelled.json()).toMatchObject({ status: 'cancelled' });
  });
});
