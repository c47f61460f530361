import { describe, expect } from 'vitest';
import {
  aCatalogueModel,
  aJwtCaller,
  aKeyCaller,
  aSessionCaller,
  type Caller,
  createTestApi,
  test,
} from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';

async function moneyOf(db: TestDatabase, { workspaceId }: Caller) {
  const { rows } = await db.owner.pool.query<{
    balance: number;
    held: number;
    jobs: number;
    holds: number;
    waiting: number;
    calls: number;
  }>(
    `select a.balance, a.held, a.api_calls_in_period as calls,
       (select count(*)::int from generation g where g.workspace_id = a.workspace_id) as jobs,
       (select count(*)::int from credit_hold h where h.workspace_id = a.workspace_id) as holds,
       (select count(*)::int from ready r where r.workspace_id = a.workspace_id) as waiting
     from credit_account a where workspace_id = $1`,
    [workspaceId],
  );
  return rows[0]!;
}

describe('submitting a job', () => {
  test('holds the ceiling, answers where the job is, and shows every default resolved', async ({ db, api }) => {
    const model = await aCatalogueModel(db);
    const key = await aKeyCaller(db);
    const answer = await api.call({
      method: 'POST',
      url: '/api/v1/generate',
      as: key,
      payload: { model, prompt: '웃는 고양이', seed: 42 },
    });
    expect(answer.statusCode).toBe(202);
    // 3 s an image, twice that as a ceiling without samples, and 20 credits for the API call.
    expect(answer.json()).toEqual({
      job_id: expect.any(String),
      status: 'queued',
      held_credits: 26,
      ceiling_credits: 26,
      position: expect.any(Number),
      created_at: expect.stringMatching(/Z$/),
    });
    expect(answer.headers.location).toBe(`/api/v1/jobs/${answer.json().job_id}`);
    expect(await moneyOf(db, key)).toMatchObject({ balance: 1_000_000, held: 26_000, jobs: 1, waiting: 1, calls: 1 });
    const job = (await api.call({ url: answer.headers.location as string, as: key })).json();
    expect(job).toMatchObject({
      status: 'queued',
      progress: 0,
      charged_credits: null,
      images: [],
      error: null,
      attempt: 0,
    });
    expect(job.request).toMatchObject({
      model,
      prompt: '웃는 고양이',
      negative_prompt: '',
      style: null,
      width: 256,
      height: 256,
      steps: 12,
      seed: '42',
      count: 1,
      scheduler: 'euler',
    });
  });

  test('the web app and an access token pay no surcharge and use no API call', async ({ db, api }) => {
    const model = await aCatalogueModel(db);
    for (const caller of [await aSessionCaller(db), await aJwtCaller(db)]) {
      const answer = await api.call({
        method: 'POST',
        url: '/api/v1/generate',
        as: caller,
        payload: { model, prompt: 'x' },
      });
      expect(answer.json()).toMatchObject({ held_credits: 6 });
      expect(await moneyOf(db, caller)).toMatchObject({ held: 6_000, calls: 0 });
    }
  });

  test('a quote binds the price of its request for five minutes, whatever the words', async ({ db }) => {
    let now = Date.now();
    const api = await createTestApi(db, { clock: { nowMs: () => now } });
    try {
      const model = await aCatalogueModel(db);
      const key = await aKeyCaller(db);
      const quote = (
        await api.call({ method: 'POST', url: '/api/v1/quotes', as: key, payload: { model, prompt: 'a' } })
      ).json();
      expect(quote).toMatchObject({
        expected_credits: 23,
        ceiling_credits: 26,
        available_credits: 1000,
        affordable: true,
      });
      expect(quote.breakdown.reduce((sum: number, line: { credits: number }) => sum + line.credits, 0)).toBe(23);
      await db.owner.pool.query('update model set image_ms = 9000 where model_id = $1', [model]);
      const submit = async (payload: object) =>
        (
          await api.call({
            method: 'POST',
            url: '/api/v1/generate',
            as: key,
            payload: { model, quote_id: quote.quote_id, ...payload },
          })
        ).json();
      expect(await submit({ prompt: 'other words', seed: 3 })).toMatchObject({ ceiling_credits: 26 });
      expect(await submit({ prompt: 'a', count: 2 })).toMatchObject({ code: 'quote_mismatch' });
      const stranger = await aKeyCaller(db);
      expect(
        (
          await api.call({
            method: 'POST',
            url: '/api/v1/generate',
            as: stranger,
            payload: { model, prompt: 'a', quote_id: quote.quote_id },
          })
        ).json().code,
      ).toBe('quote_mismatch');
      now += 300_000;
      expect(await submit({ prompt: 'a' })).toMatchObject({ code: 'quote_expired', status: 409 });
      expect(await moneyOf(db, key)).toMatchObject({ jobs: 1 });
    } finally {
      await api.close();
    }
  });

  test('credits that are not there are told from credits that are held, with amounts', async ({ db, api }) => {
    const model = await aCatalogueModel(db);
    const key = await aKeyCaller(db, { credits: 30_000 });
    const submit = () =>
      api.call({ method: 'POST', url: '/api/v1/generate', as: key, payload: { model, prompt: 'x' } });
    expect((await submit()).statusCode).toBe(202);
    const held = await submit();
    expect(held.statusCode).toBe(402);
    expect(held.json()).toMatchObject({
      code: 'credits_held',
      needed: 26,
      available: 4,
      held: 26,
      resets_at: expect.stringMatching(/Z$/),
    });
    const poor = await aKeyCaller(db, { credits: 1_000 });
    const exhausted = await api.call({
      method: 'POST',
      url: '/api/v1/generate',
      as: poor,
      payload: { model, prompt: 'x' },
      headers: { 'accept-language': 'ko' },
    });
    expect(exhausted.json()).toMatchObject({ code: 'credits_exhausted', needed: 26, available: 1, held: 0 });
    expect(exhausted.json().detail).toContain('26');
    expect(await moneyOf(db, poor)).toMatchObject({ balance: 1_000, held: 0, jobs: 0, holds: 0 });
  });

  test.for([0, 1, 137, 999])(
    '1,000 at once with credits for %i: exactly so many are accepted and no answer is a 5xx',
    async (k, { db, api }) => {
      const model = await aCatalogueModel(db);
      const caller = await aSessionCaller(db, { credits: k * 6_000 + 5_999, plan: 'studio' });
      const answers = await Promise.all(
        Array.from({ length: 1_000 }, () =>
          api.call({ method: 'POST', url: '/api/v1/generate', as: caller, payload: { model, prompt: 'x' } }),
        ),
      );
      const count = (status: number) => answers.filter((answer) => answer.statusCode === status).length;
      expect([count(202), count(402), answers.filter((answer) => answer.statusCode >= 500).length]).toEqual([
        k,
        1_000 - k,
        0,
      ]);
      expect(await moneyOf(db, caller)).toMatchObject({
        balance: k * 6_000 + 5_999,
        held: k * 6_000,
        jobs: k,
        holds: k,
      });
    },
  );

  test('a key’s budget, the month’s API calls, a full queue and a full storage each refuse with what helps', async ({
    db,
    api,
  }) => {
    const model = await aCatalogueModel(db);
    const submit = async (as: Caller) =>
      (await api.call({ method: 'POST', url: '/api/v1/generate', as, payload: { model, prompt: 'x' } })).json();
    const tight = await aKeyCaller(db, { budget: 25_999 });
    expect(await submit(tight)).toMatchObject({
      code: 'key_budget_exhausted',
      needed: 26,
      available: 25.999,
      status: 402,
    });
    const caller = await aKeyCaller(db, { plan: 'starter' });
    await db.owner.pool.query('update credit_account set api_calls_in_period = 50 where workspace_id = $1', [
      caller.workspaceId,
    ]);
    expect(await submit(caller)).toMatchObject({
      code: 'api_calls_exhausted',
      status: 403,
      resets_at: expect.any(String),
    });
    await db.owner.pool.query(
      'update credit_account set api_calls_in_period = 0, storage_bytes = 10000000000 where workspace_id = $1',
      [caller.workspaceId],
    );
    expect(await submit(caller)).toMatchObject({ code: 'storage_exhausted', status: 403 });
    await db.owner.pool.query(
      'update credit_account set storage_bytes = 0, backlogged_jobs = 200 where workspace_id = $1',
      [caller.workspaceId],
    );
    expect(await submit(caller)).toMatchObject({ code: 'queue_full', status: 429, waiting_max: 200 });
    for (const one of [tight, caller]) expect(await moneyOf(db, one)).toMatchObject({ held: 0, jobs: 0, holds: 0 });
  });

  test('who may not: unverified, suspended, free with a key, a key without the scope', async ({ db, api }) => {
    const model = await aCatalogueModel(db);
    const submit = async (as: Caller) =>
      (await api.call({ method: 'POST', url: '/api/v1/generate', as, payload: { model, prompt: 'x' } })).json();
    expect(await submit(await aJwtCaller(db, { verified: false }))).toMatchObject({ code: 'email_not_verified' });
    expect(await submit(await aKeyCaller(db, { plan: 'free' }))).toMatchObject({ code: 'plan_has_no_api' });
    expect(await submit(await aKeyCaller(db, { scopes: ['read'] }))).toMatchObject({
      code: 'key_lacks_scope',
      scope: 'generate',
    });
    const suspended = await aKeyCaller(db);
    await db.owner.pool.query('update workspace set suspended_at = now() where workspace_id = $1', [
      suspended.workspaceId,
    ]);
    expect(await submit(suspended)).toMatchObject({ code: 'workspace_suspended' });
    expect((await api.call({ url: '/api/v1/jobs', as: suspended })).statusCode).toBe(200);
  });

  test('a model is refused that does not exist, that the plan lacks, or that no engine here can ever serve', async ({
    db,
    api,
  }) => {
    const [paid, foreign] = [await aCatalogueModel(db), await aCatalogueModel(db)];
    await db.owner.pool.query("update model set plans = array['studio'] where model_id = $1", [paid]);
    await db.owner.pool.query("update model set engine = 'elsewhere' where model_id = $1", [foreign]);
    const key = await aKeyCaller(db);
    const submit = async (model: string) =>
      (await api.call({ method: 'POST', url: '/api/v1/generate', as: key, payload: { model, prompt: 'x' } })).json();
    expect(await submit('nothing')).toMatchObject({ code: 'model_not_found', status: 404 });
    expect(await submit(paid)).toMatchObject({ code: 'model_not_allowed', status: 403 });
    expect(await submit(foreign)).toMatchObject({ code: 'engine_unavailable', status: 503 });
    const listed = (await api.call({ url: '/api/v1/models', as: key }))
      .json()
      .data.map((model: { id: string }) => model.id);
    expect(listed).not.toContain(paid);
  });
});
