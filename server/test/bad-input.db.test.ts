import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect } from 'vitest';
import { aCatalogueModel, aKeyCaller, aSessionCaller, type Caller, createTestApi, test } from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';
import { aSucceededGeneration } from '#test/factories.ts';

/** Everything a submit could have written, as one text. */
async function tracesOf(db: TestDatabase, { workspaceId }: Caller): Promise<string> {
  const { rows } = await db.owner.pool.query(
    `select (select to_jsonb(a) from credit_account a where a.workspace_id = $1) as account,
       (select count(*)::int from generation where workspace_id = $1) as jobs, (select count(*)::int from ready where workspace_id = $1) as ready,
       (select count(*)::int from credit_hold where workspace_id = $1) as holds, (select count(*)::int from idempotency where workspace_id = $1) as kept,
       (select count(*)::int from api_key_usage where workspace_id = $1) as usage, (select count(*)::int from image where workspace_id = $1) as images`,
    [workspaceId],
  );
  return JSON.stringify(rows[0]);
}

const lone = '\ud800';
const cases: [
  what: string,
  body: Record<string, unknown> | unknown[] | string | number | null,
  status: number,
  code: string,
  pointer?: string,
][] = [
  ['no prompt', { prompt: undefined }, 422, 'invalid_request', '/prompt'],
  ['an empty prompt', { prompt: '' }, 422, 'invalid_request', '/prompt'],
  ['a prompt of 10,000 characters', { prompt: 'x'.repeat(10_000) }, 422, 'invalid_request', '/prompt'],
  ['a prompt that is a number', { prompt: 7 }, 422, 'invalid_request', '/prompt'],
  ['a prompt with a NUL', { prompt: 'a\0b' }, 422, 'invalid_request', '/prompt'],
  ['a prompt with half a surrogate pair', { prompt: lone }, 422, 'invalid_request', '/prompt'],
  ['a name with a NUL in metadata', { metadata: { 'a\0': 'v' } }, 422, 'invalid_request', '/metadata'],
  ['a value with half a surrogate pair in metadata', { metadata: { k: lone } }, 422, 'invalid_request', '/metadata/k'],
  [
    'a negative prompt of 10,000 characters',
    { negative_prompt: 'x'.repeat(10_000) },
    422,
    'invalid_request',
    '/negative_prompt',
  ],
  ['a model that does not exist', { model: 'no-such-model' }, 404, 'model_not_found'],
  ['a model that is a list', { model: ['a'] }, 422, 'invalid_request', '/model'],
  ['a model named like a path', { model: '../../etc/passwd' }, 404, 'model_not_found'],
  ['a width off the grid', { width: 100 }, 422, 'invalid_request', '/width'],
  ['a width of 0', { width: 0 }, 422, 'invalid_request', '/width'],
  ['a width beyond all', { width: 1e9 }, 422, 'invalid_request', '/width'],
  ['a height with a fraction', { height: 64.5 }, 422, 'invalid_request', '/height'],
  ['a height as a string', { height: '64' }, 422, 'invalid_request', '/height'],
  ['a negative seed', { seed: -1 }, 422, 'invalid_request', '/seed'],
  ['a seed beyond 32 bits', { seed: 4_294_967_296 }, 422, 'invalid_request', '/seed'],
  ['a seed beyond 32 bits as text', { seed: '4294967296' }, 422, 'invalid_request', '/seed'],
  ['a seed with a fraction', { seed: 1.5 }, 422, 'invalid_request', '/seed'],
  ['a seed that is no number', { seed: '0x1' }, 422, 'invalid_request', '/seed'],
  ['a count of 0', { count: 0 }, 422, 'invalid_request', '/count'],
  ['a count of 9', { count: 9 }, 422, 'invalid_request', '/count'],
  ['steps as a string', { steps: '12' }, 422, 'invalid_request', '/steps'],
  ['more steps than the model has', { steps: 999 }, 422, 'invalid_request', '/steps'],
  ['guidance as true', { guidance: true }, 422, 'invalid_request', '/guidance'],
  ['a scheduler nobody has', { scheduler: 'magic' }, 422, 'invalid_request', '/scheduler'],
  ['a style the model lacks', { style: 'oil' }, 422, 'invalid_request', '/style'],
  ['a strength of 0', { strength: 0 }, 422, 'invalid_request', '/strength'],
  ['a mask without an image', { mask_image_id: 'x' }, 422, 'invalid_request', '/mask_image_id'],
  ['a mode the model lacks', { init_image_id: 'x', upscale: { factor: 2 } }, 422, 'invalid_request', '/upscale'],
  ['LoRAs the model cannot use', { loras: [{ id: 'x' }] }, 422, 'invalid_request', '/loras'],
  ['an image id that is no id', { init_image_id: "'; drop table image; --" }, 404, 'image_not_found'],
  ['an image nobody has', { init_image_id: '01234567-89ab-7def-8123-456789abcdef' }, 404, 'image_not_found'],
  ['an image id as a number', { init_image_id: 7 }, 422, 'invalid_request', '/init_image_id'],
  ['a start limit beyond a day', { start_by_s: 86_401 }, 422, 'invalid_request', '/start_by_s'],
  [
    '17 entries of metadata',
    { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, at) => [at, 'v'])) },
    422,
    'invalid_request',
    '/metadata',
  ],
  ['metadata that is not text', { metadata: { k: 1 } }, 422, 'invalid_request', '/metadata/k'],
  ['an unknown field', { promt: 'x' }, 422, 'invalid_request', '/promt'],
  [
    'an unknown field inside',
    { init_image_id: 'x', outpaint: { left: 1, top: 0, right: 0, bottom: 0, depth: 3 } },
    422,
    'invalid_request',
    '/outpaint/depth',
  ],
  ['a quote that is none', { quote_id: 'abc.def' }, 409, 'quote_mismatch'],
  [
    'a quote with a forged price',
    { quote_id: `${Buffer.from('{"v":1,"p":[0,0,0]}').toString('base64url')}.AAAA` },
    409,
    'quote_mismatch',
  ],
  ['a list in place of a body', [], 422, 'invalid_request', ''],
  ['null in place of a body', null, 422, 'invalid_request', ''],
  ['text in place of a body', 'cat', 422, 'invalid_request', ''],
];

describe('bad input to a submit is a clear problem, and nothing is held or written', () => {
  test.for(cases)('%s', async ([, change, status, code, pointer], { db, api }) => {
    const caller = await aKeyCaller(db);
    const isFields = typeof change === 'object' && change !== null && !Array.isArray(change);
    const body = isFields ? { model: await aCatalogueModel(db), prompt: 'x', ...change } : change;
    const before = await tracesOf(db, caller);
    for (const url of ['/api/v1/generate', ...(code.startsWith('quote') ? [] : ['/api/v1/quotes'])]) {
      const answer = await api.call({
        method: 'POST',
        url,
        as: caller,
        headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
        payload: JSON.stringify(body),
      });
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      const problem = answer.json();
      expect([answer.statusCode, problem.code, problem.status]).toEqual([status, code, status]);
      expect(problem.request_id).toBe(answer.headers['x-request-id']);
      if (pointer !== undefined)
        expect(problem.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    }
    expect(await tracesOf(db, caller)).toBe(before);
  });

  test('another workspace’s image is the same 404 as none', async ({ db, api }) => {
    const [caller, stranger] = [await aKeyCaller(db), await aKeyCaller(db)];
    const model = await aCatalogueModel(db);
    await aSucceededGeneration(db, stranger, model);
    const { rows } = await db.owner.pool.query('select image_id from image where workspace_id = $1', [
      stranger.workspaceId,
    ]);
    const submit = (init_image_id: string) =>
      api.call({
        method: 'POST',
        url: '/api/v1/generate',
        as: caller,
        payload: { model, prompt: 'x', init_image_id },
        headers: { 'x-request-id': 'same' },
      });
    const [foreign, none] = [await submit(rows[0].image_id), await submit('01234567-89ab-7def-8123-456789abcdef')];
    expect([foreign.statusCode, foreign.body]).toEqual([404, none.body]);
  });
});

describe('bytes that are not a request', () => {
  test.for([
    ['broken JSON', 'application/json', '{"prompt": "x"', 400, 'malformed_request'],
    [
      'bytes that are not UTF-8',
      'application/json',
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
      400,
      'malformed_request',
    ],
    [
      'a prototype in JSON',
      'application/json',
      '{"__proto__": {"role": "admin"}, "prompt": "x"}',
      400,
      'malformed_request',
    ],
    ['100,000 nested lists', 'application/json', '['.repeat(100_000) + ']'.repeat(100_000), 422, 'invalid_request'],
    [
      'JSON above 256 kB',
      'application/json',
      JSON.stringify({ prompt: 'x'.repeat(256_000) }),
      413,
      'payload_too_large',
    ],
    ['20 MB of JSON', 'application/json', JSON.stringify({ prompt: 'x'.repeat(20_000_000) }), 413, 'payload_too_large'],
    ['text', 'text/plain', 'a cat', 415, 'unsupported_media_type'],
    ['a form', 'application/x-www-form-urlencoded', 'prompt=cat', 415, 'unsupported_media_type'],
    ['a type that is none', 'nonsense', 'x', 415, 'unsupported_media_type'],
  ] as const)('%s', async ([, type, payload, status, code], { db, api }) => {
    const caller = await aKeyCaller(db);
    const before = await tracesOf(db, caller);
    const answer = await api.call({
      method: 'POST',
      url: '/api/v1/generate',
      as: caller,
      payload,
      headers: { 'content-type': type },
    });
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(await tracesOf(db, caller)).toBe(before);
  });

  test('20 MB over a socket is refused before it has been read', async ({ db }) => {
    const api = await createTestApi(db);
    try {
      const caller = await aKeyCaller(db);
      await api.app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = api.app.server.address() as AddressInfo;
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const headers = { ...caller.headers, 'content-type': 'application/json', 'content-length': 20_000_000 };
        const sent = httpRequest({ port, method: 'POST', path: '/api/v1/generate', headers }, (answer) => {
          resolve(answer.statusCode);
          sent.destroy();
        });
        sent.on('error', reject);
        sent.write('{"prompt": "');
      });
      expect(status).toBe(413);
    } finally {
      await api.close();
    }
  });
});

describe('bad addresses and queries', () => {
  test.for([
    ['GET', '/api/v1/jobs/not-an-id', 404, 'not_found'],
    ['GET', '/api/v1/jobs/%00', 422, 'invalid_request'],
    ['GET', `/api/v1/jobs/${'x'.repeat(200)}`, 422, 'invalid_request'],
    ['GET', '/api/v1/jobs/%E0%A4%A', 400, 'malformed_request'],
    ['GET', '/api/v1/jobs?limit=0', 422, 'invalid_request'],
    ['GET', '/api/v1/jobs?limit=101', 422, 'invalid_request'],
    ['GET', '/api/v1/jobs?limit=ten', 422, 'invalid_request'],
    ['GET', '/api/v1/jobs?cursor=nonsense', 422, 'invalid_request'],
    ['GET', '/api/v1/jobs?status=sleeping', 422, 'invalid_request'],
    ['GET', '/api/v1/jobs?sort=secret', 422, 'invalid_request'],
    ['GET', '/api/v1/jobs?limit=1&limit=2', 422, 'invalid_request'],
    ['GET', '/api/v1/images?cursor=%27', 422, 'invalid_request'],
    ['GET', '/api/v1/images/1/content?size=9000', 422, 'invalid_request'],
    ['GET', '/api/v1/credits/transactions?cursor=%27', 422, 'invalid_request'],
    ['POST', '/api/v1/jobs/not-an-id/cancel', 404, 'not_found'],
    ['DELETE', '/api/v1/jobs/not-an-id', 404, 'not_found'],
    ['PUT', '/api/v1/jobs', 405, 'method_not_allowed'],
    ['GET', '/api/v1/nothing', 404, 'not_found'],
    ['POST', '/api/v1/auth/token', 422, 'invalid_request'],
  ] as const)('%s %s', async ([method, url, status, code], { db, api }) => {
    const caller = await aSessionCaller(db);
    const answer = await api.call({ method, url, as: caller });
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  test('a workspace that is not the caller’s is not found, by header and by query', async ({ db, api }) => {
    const [caller, stranger] = [await aSessionCaller(db), await aSessionCaller(db)];
    for (const workspace of [stranger.workspaceId, 'nonsense', '01234567-89ab-7def-8123-456789abcdef']) {
      const byHeader = await api.call({ url: '/api/v1/jobs', as: caller, headers: { 'x-workspace-id': workspace } });
      const byQuery = await api.call({ url: `/api/v1/jobs?workspace_id=${workspace}`, as: caller });
      expect([byHeader.statusCode, byQuery.statusCode]).toEqual([404, 404]);
    }
  });
});
