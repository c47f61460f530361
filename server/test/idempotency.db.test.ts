import { describe, expect } from 'vitest';
import { aCatalogueModel, aKeyCaller, aSessionCaller, type Caller, test, type TestApi } from '#test/app.ts';

const submit = (api: TestApi, as: Caller, key: string, payload: object) =>
  api.call({ method: 'POST', url: '/api/v1/generate', as, payload, headers: { 'idempotency-key': key } });

describe('the same call again', () => {
  test('50 at once with one key make one job, one hold and 50 equal answers', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    const body = { model: await aCatalogueModel(db), prompt: '고양이' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => submit(api, caller, 'k1', body)));
    const accepted = answers.filter((answer) => answer.statusCode === 202);
    expect(answers.filter((answer) => answer.statusCode !== 202).map((answer) => answer.json().code)).toEqual(
      Array.from({ length: 50 - accepted.length }, () => 'idempotency_in_progress'),
    );
    expect(new Set(accepted.map((answer) => answer.body)).size).toBe(1);
    expect(accepted.filter((answer) => answer.headers['idempotent-replayed'] === undefined)).toHaveLength(1);
    const { rows } = await db.owner.pool.query(
      'select (select count(*)::int from generation where workspace_id = $1) as jobs, (select count(*)::int from credit_hold where workspace_id = $1) as holds',
      [caller.workspaceId],
    );
    expect(rows[0]).toEqual({ jobs: 1, holds: 1 });
  });

  test('the order and spelling of the JSON do not matter, its content does', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    const model = await aCatalogueModel(db);
    const first = await submit(api, caller, 'k', { model, prompt: 'é', steps: 10 });
    const again = await api.call({
      method: 'POST',
      url: '/api/v1/generate',
      as: caller,
      headers: { 'idempotency-key': 'k', 'content-type': 'application/json' },
      payload: `{ "steps": 1.0e1, "prompt": "\\u00e9", "model": ${JSON.stringify(model)} }`,
    });
    expect([again.statusCode, again.body, again.headers['idempotent-replayed']]).toEqual([202, first.body, 'true']);
    const other = await submit(api, caller, 'k', { model, prompt: 'other', steps: 10 });
    expect([other.statusCode, other.json().code]).toEqual([422, 'idempotency_key_reused']);
  });

  test('an answer is kept although the model is gone and the credits are spent', async ({ db, api }) => {
    const caller = await aKeyCaller(db, { credits: 26_000 });
    const body = { model: await aCatalogueModel(db), prompt: 'x' };
    const first = await submit(api, caller, 'k', body);
    await db.owner.pool.query('update model set enabled = false where model_id = $1', [body.model]);
    expect((await submit(api, caller, 'k', body)).body).toBe(first.body);
  });

  test('a refusal is not kept: the same key works once there are credits', async ({ db, api }) => {
    const caller = await aKeyCaller(db, { credits: 0 });
    const body = { model: await aCatalogueModel(db), prompt: 'x' };
    expect((await submit(api, caller, 'k', body)).statusCode).toBe(402);
    await db.owner.pool.query(
      "select public.ledger_grant($1, 'purchase', 26000, 'later', 'test', now(), null, null, now())",
      [caller.workspaceId],
    );
    expect((await submit(api, caller, 'k', body)).statusCode).toBe(202);
  });

  test('another workspace with the same key is not concerned, and after 24 hours the key is free', async ({
    db,
    api,
  }) => {
    const [caller, stranger] = [await aKeyCaller(db), await aKeyCaller(db)];
    const body = { model: await aCatalogueModel(db), prompt: 'x' };
    const first = (await submit(api, caller, 'k', body)).json().job_id;
    expect((await submit(api, stranger, 'k', body)).json().job_id).not.toBe(first);
    await db.owner.pool.query(
      "update idempotency set created_at = now() - interval '25 hours' where workspace_id = $1",
      [caller.workspaceId],
    );
    expect((await submit(api, caller, 'k', { ...body, prompt: 'new' })).json().job_id).not.toBe(first);
  });

  test('a key of 256 characters or with others than printable ones is refused', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    const body = { model: await aCatalogueModel(db), prompt: 'x' };
    for (const key of ['k'.repeat(256), 'a\tb', ''])
      expect((await submit(api, caller, key, body)).statusCode).toBe(422);
  });

  test('a key creation replayed at once or later makes one key and shows its secret once', async ({ db, api }) => {
    const caller = await aSessionCaller(db);
    const make = (name = 'ci') =>
      api.call({
        method: 'POST',
        url: '/api/v1/api-keys',
        as: caller,
        payload: { name },
        headers: { 'idempotency-key': 'make' },
      });
    const answers = await Promise.all(Array.from({ length: 10 }, () => make()));
    for (const answer of answers) expect([201, 409]).toContain(answer.statusCode);
    const secrets = answers.filter((answer) => answer.statusCode === 201).map((answer) => answer.json().key);
    expect(secrets.filter((key) => key !== null)).toHaveLength(1);
    expect((await make()).json()).toMatchObject({ key: null, name: 'ci' });
    expect((await make('other')).json().code).toBe('idempotency_key_reused');
    const { rows } = await db.owner.pool.query('select count(*)::int as keys from api_key where workspace_id = $1', [
      caller.workspaceId,
    ]);
    expect(rows[0]).toEqual({ keys: 1 });
  });
});
