import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from './client.ts';
import { readPngText } from './png.ts';
import { eventually, type Product, startProduct } from './product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.stop());

/** Signs up, follows the link in the mail, and gets an access token. */
async function signUp(email: string, password: string): Promise<string> {
  const anyone = createClient(product.url);
  const signedUp = await anyone.post(
    '/api/auth/sign-up/email',
    { email, password, name: '새 사람' },
    { origin: product.url },
  );
  expect(signedUp.status).toBe(200);
  const early = await anyone.post('/api/v1/auth/token', { grant_type: 'password', email, password });
  expect([early.status, early.body.code]).toEqual([403, 'email_not_verified']);
  const mail = await eventually('the verification mail', async () => {
    const { data } = (await anyone.get('/dev/mail/messages')).body;
    return data.find((message: { to: string }) => message.to === email);
  });
  const { links } = (await anyone.get(`/dev/mail/messages/${mail.id}`)).body;
  const verified = await fetch(links.find((link: string) => link.includes('verify')));
  expect(verified.status).toBe(200);
  const token = await anyone.post('/api/v1/auth/token', { grant_type: 'password', email, password });
  expect([token.status, token.body.token_type, token.body.expires_in]).toEqual([200, 'Bearer', 900]);
  return token.body.access_token;
}

test('a newcomer signs up, posts a Korean prompt, watches it, gets the picture and a receipt that adds up', async () => {
  const me = createClient(product.url, await signUp('newcomer@example.com', 'a rather long password'));
  expect((await me.get('/api/v1/me')).body.workspace.plan).toBe('free');
  const before = (await me.get('/api/v1/credits')).body;
  expect(before.available).toBe(100);

  const request = { prompt: '웃는 고양이', seed: '1234' };
  const quote = await me.post('/api/v1/quotes', request);
  expect(quote.body).toMatchObject({ affordable: true, available_credits: 100 });
  const submitted = await me.post(
    '/api/v1/generate',
    { ...request, quote_id: quote.body.quote_id },
    { 'idempotency-key': 'first' },
  );
  expect([submitted.status, submitted.body.ceiling_credits]).toEqual([202, quote.body.ceiling_credits]);
  const again = await me.post(
    '/api/v1/generate',
    { ...request, quote_id: quote.body.quote_id },
    { 'idempotency-key': 'first' },
  );
  expect([again.body.job_id, again.headers.get('idempotent-replayed')]).toEqual([submitted.body.job_id, 'true']);

  const events = await me.events(`/api/v1/jobs/${submitted.body.job_id}/events`);
  expect(events[0]?.event).toBe('status');
  expect(events.at(-1)?.event).toBe('done');
  const job = events.at(-1)?.data;
  expect(job).toMatchObject({ status: 'succeeded', progress: 1, attempt: 1, error: null });
  expect(job.request).toMatchObject({ prompt: '웃는 고양이', seed: '1234', width: 256, height: 256 });

  const [image] = job.images;
  const content = await me.raw(new URL(image.url).pathname);
  expect([content.status, content.headers.get('content-type'), content.headers.get('x-content-type-options')]).toEqual([
    200,
    'image/png',
    'nosniff',
  ]);
  const bytes = Buffer.from(await content.arrayBuffer());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(image.sha256);
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([256, 256]);
  const text = readPngText(bytes);
  expect(JSON.parse(text.get('recipe') ?? '{}').request.prompt).toBe('웃는 고양이');
  expect(text.get('XML:com.adobe.xmp')).toContain('trainedAlgorithmicMedia');
  for (const size of ['256', '512']) {
    const thumbnail = await me.raw(new URL(image.thumbnails[size]).pathname + new URL(image.thumbnails[size]).search);
    expect([thumbnail.status, thumbnail.headers.get('content-type')]).toEqual([200, 'image/webp']);
  }
  expect((await fetch(image.url)).status).toBe(401);

  const receipt = (await me.get(`/api/v1/jobs/${submitted.body.job_id}/receipt`)).body;
  const milli = (credits: number): number => Math.round(credits * 1_000);
  const sum = (list: { credits: number }[]): number => list.reduce((total, { credits }) => total + milli(credits), 0);
  expect(sum(receipt.lines)).toBe(milli(job.charged_credits));
  expect(sum(receipt.paid_from)).toBe(milli(receipt.charged_credits));
  expect(milli(receipt.charged_credits) + milli(receipt.released_credits)).toBe(milli(submitted.body.held_credits));
  const [attempt] = receipt.attempts;
  expect(attempt).toMatchObject({ number: 1, outcome: 'succeeded' });
  expect(attempt.billed_ms).toBe(milli(job.charged_credits));
  const after = (await me.get('/api/v1/credits')).body;
  expect([milli(after.available), after.held]).toEqual([100_000 - milli(job.charged_credits), 0]);
  expect(milli(after.credits_used_this_month)).toBe(milli(job.charged_credits));
});

test('a key of a paid plan pays the call beside the GPU seconds, and a Free key may only read', async () => {
  const account = ['--email', 'studio@example.com'] as const;
  await product.pingvas(
    'users',
    'create',
    ...account,
    '--password',
    'a rather long password',
    '--plan',
    'pro',
    '--verified',
  );
  const { key } = await product.pingvas('keys', 'create', ...account, '--name', 'laptop');
  const studio = createClient(product.url, key);
  const submitted = await studio.post('/api/v1/generate', { prompt: 'ロボット', steps: 4 });
  expect(submitted.status).toBe(202);
  const done = (await studio.events(`/api/v1/jobs/${submitted.body.job_id}/events`)).at(-1)?.data;
  expect(done.status).toBe('succeeded');
  const receipt = (await studio.get(`/api/v1/jobs/${submitted.body.job_id}/receipt`)).body;
  expect(receipt.lines.find((line: { item: string }) => line.item === 'api_call')).toMatchObject({
    quantity: 1,
    credits: 20,
  });
  expect((await studio.get('/api/v1/credits')).body.available).toBe(
    Math.round((7_500 - receipt.charged_credits) * 1_000) / 1_000,
  );

  await product.pingvas(
    'users',
    'create',
    '--email',
    'free@example.com',
    '--password',
    'a rather long password',
    '--verified',
  );
  const free = createClient(
    product.url,
    (await product.pingvas('keys', 'create', '--email', 'free@example.com', '--name', 'reader')).key,
  );
  expect((await free.get('/api/v1/jobs')).status).toBe(200);
  expect((await free.post('/api/v1/generate', { prompt: 'cat' })).body.code).toBe('plan_has_no_api');
});

test('a worker that is killed in the middle is started again and the job ends once, charged once', async () => {
  const { key } = await product.pingvas('keys', 'create', '--email', 'studio@example.com', '--name', 'second');
  const studio = createClient(product.url, key);
  const before = (await studio.get('/api/v1/credits')).body.available;
  const submitted = await studio.post('/api/v1/generate', { prompt: '两只猫', steps: 30, count: 8 });
  await eventually('the job to run', async () =>
    (await studio.get(`/api/v1/jobs/${submitted.body.job_id}`)).body.status === 'running' ? true : undefined,
  );
  for (const pid of await product.processes('main/worker.ts')) process.kill(pid, 'SIGKILL');
  const done = (await studio.events(`/api/v1/jobs/${submitted.body.job_id}/events`)).at(-1)?.data;
  expect(done).toMatchObject({ status: 'succeeded', attempt: 2 });
  expect(done.images).toHaveLength(8);
  const receipt = (await studio.get(`/api/v1/jobs/${submitted.body.job_id}/receipt`)).body;
  expect(
    receipt.attempts.map((attempt: { outcome: string; billed_ms: number }) => [attempt.outcome, attempt.billed_ms > 0]),
  ).toEqual([
    ['lease_lost', false],
    ['succeeded', true],
  ]);
  const after = (await studio.get('/api/v1/credits')).body;
  expect([after.held, Math.round((before - after.available) * 1_000)]).toEqual([
    0,
    Math.round(receipt.charged_credits * 1_000),
  ]);
});

test('the internal port shows the metrics of every process', async () => {
  const text = await (await fetch(product.metricsUrl)).text();
  for (const name of ['api', 'jobs', 'worker-1', 'start']) expect(text).toContain(`process="${name}"`);
  expect(text).toContain('pingvas_http_request_seconds_bucket');
  expect(text).toContain('pingvas_gpu_seconds_total');
});
