import { randomUUID } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/telemetry.ts';
import { aJwtCaller, aKeyCaller, aSessionCaller, createTestApi, test, testPublicUrl } from '#test/app.ts';
import { aRunningWorker, untilStatus } from '#test/worker.ts';

test('no password, token, key, address or prompt reaches a log, an error, a metric, or a column that must not hold it', async ({
  db,
}) => {
  const lines: string[] = [];
  // Everything is written down, so that what must never be logged is looked for at every level, and prompts from `info` up.
  const log = createLog({ level: 'trace', process: 'test', destination: { write: (line) => void lines.push(line) } });
  const metrics = createMetrics('test');
  const api = await createTestApi(db, { log, metrics });
  onTestFinished(api.close);
  const worker = await aRunningWorker(db, { storage: api.storage, faults: ['crash'] });
  onTestFinished(worker.stop);

  const password = `canary-password-${randomUUID()}`;
  const wrongPassword = `canary-wrong-${randomUUID()}`;
  const email = `canary-${randomUUID()}@example.test`;
  const prompt = `canary-prompt-${randomUUID()}`;
  const refusals: string[] = [];
  const call = async (request: Parameters<typeof api.call>[0]) => {
    const answer = await api.call(request);
    if (answer.statusCode >= 400) refusals.push(answer.body + JSON.stringify(answer.headers));
    return answer;
  };
  const post = (
    url: string,
    payload: object | string,
    as?: { headers: Record<string, string> },
    headers: Record<string, string> = {},
  ) =>
    call({
      method: 'POST',
      url,
      payload,
      headers: { 'content-type': 'application/json', ...headers },
      ...(as && { as }),
    });

  // Accounts: sign-up, wrong and right sign-in, tokens, a refresh, a key.
  const origin = { origin: testPublicUrl };
  await post('/api/auth/sign-up/email', { name: 'Canary', email, password }, undefined, origin);
  await post('/api/v1/auth/token', { grant_type: 'password', email, password });
  await db.owner.pool.query('update auth."user" set email_verified = true where email = $1', [email]);
  await post('/api/v1/auth/token', { grant_type: 'password', email, password: wrongPassword });
  await post('/api/auth/sign-in/email', { email, password: wrongPassword }, undefined, origin);
  const signedIn = await post('/api/auth/sign-in/email', { email, password }, undefined, origin);
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0]!;
  const tokens = (await post('/api/v1/auth/token', { grant_type: 'password', email, password })).json();
  const refreshed = (
    await post('/api/v1/auth/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token })
  ).json();
  await post('/api/v1/auth/token', { grant_type: 'refresh_token', refresh_token: 'canary-not-a-token' });
  await post('/api/v1/auth/token', `{"password": "${password}", `);
  await post('/api/v1/auth/token', { grant_type: 'password', email, password, totp: password });
  const made = (await post('/api/v1/api-keys', { name: 'ci' }, { headers: { cookie, ...origin } })).json();
  expect(made.key).toMatch(/^pv_live_/);

  // Jobs: quote, submit, a failed attempt, refusals of every kind, and reads.
  const caller = await aKeyCaller(db);
  const session = await aSessionCaller(db, { of: caller });
  const jwt = await aJwtCaller(db, { of: caller });
  const body = {
    model: worker.modelId,
    prompt,
    negative_prompt: prompt,
    width: 64,
    height: 64,
    metadata: { note: prompt },
  };
  for (const as of [caller, session, jwt]) await post('/api/v1/quotes', body, as);
  const { job_id: id } = (
    await post('/api/v1/generate', body, caller, { 'idempotency-key': `canary-idempotency-${prompt}` })
  ).json();
  await untilStatus(db, id);
  await post('/api/v1/generate', { ...body, width: 65 }, caller);
  await post('/api/v1/generate', { ...body, model: 'none' }, caller);
  await post('/api/v1/generate', { ...body, prompt: prompt + '\0' }, caller);
  await post('/api/v1/generate', `{"prompt": "${prompt}"`, caller);
  await post('/api/v1/generate', body, { headers: { authorization: `Bearer ${caller.secret.slice(0, -1)}0` } });
  await call({ url: `/api/v1/jobs/${id}?token=${caller.secret}`, as: caller });
  await call({ url: `/api/v1/${caller.secret}`, as: caller });
  await call({ url: `/api/v1/jobs/${id}/receipt`, as: session });

  const secrets = [
    password,
    wrongPassword,
    caller.secret,
    made.key,
    tokens.refresh_token,
    refreshed.refresh_token,
    tokens.access_token,
    jwt.headers['authorization']!.slice(7),
    session.sessionToken,
    cookie.split('=')[1]!,
    'canary-not-a-token',
  ];
  const atInfo = lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 30).join('');
  expect(atInfo).toContain('"route":"/api/v1/generate"');
  const found = (text: string, words: string[]): string[] => words.filter((word) => text.includes(word));
  expect(found(lines.join(''), [...secrets, email])).toEqual([]);
  expect(found(atInfo, [prompt])).toEqual([]);
  expect(found(refusals.join(''), [...secrets, email, prompt])).toEqual([]);
  expect(refusals.length).toBeGreaterThan(8);
  expect(found(await metrics.registry.metrics(), [...secrets, email, prompt, id, caller.workspaceId])).toEqual([]);

  // At rest: keys and refresh tokens as hashes, the password as a slow hash; the quote and the access token nowhere.
  const { rows: tables } = await db.owner.pool.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname in ('public', 'auth')`,
  );
  const kept = [
    password,
    wrongPassword,
    caller.secret,
    made.key,
    tokens.refresh_token,
    refreshed.refresh_token,
    tokens.access_token,
  ];
  for (const { schema, name } of tables) {
    const { rows } = await db.owner.pool.query<{ text: string | null }>(
      `select string_agg(t::text, e'\\n') as text from "${schema}"."${name}" t`,
    );
    expect.soft(found(rows[0]?.text ?? '', kept), `${schema}.${name}`).toEqual([]);
  }
});
