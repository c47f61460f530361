import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { aServer } from '#test/answering-server.ts';
import { makeSandboxWorld, sandboxSecret } from '#test/sandbox-world.ts';
import { createLemonSqueezy, type LemonSqueezyOptions } from './lemonsqueezy.ts';
import { createPace } from './pace.ts';
import { paymentsContract } from './payments.contract.ts';

const providerAt = (url: string, options: Partial<LemonSqueezyOptions> = {}) =>
  createLemonSqueezy({
    apiUrl: `${url}/v1`,
    apiKey: sandboxSecret,
    storeId: '1',
    webhookSecrets: [sandboxSecret],
    testMode: true,
    ...options,
  });

paymentsContract(() => makeSandboxWorld((url) => providerAt(url)));

const attributes = {
  store_id: 1,
  customer_id: 5,
  currency: 'USD',
  total: 1_000,
  refunded_amount: 0,
  status: 'paid',
  created_at: '2026-01-01T00:00:00.000000Z',
  updated_at: '2026-01-01T00:00:00.000000Z',
  test_mode: true,
};
const orderBody = (changes: object = {}) => ({
  data: { type: 'orders', id: '8', attributes: { ...attributes, ...changes } },
});
const noWait = { waitMs: () => Promise.resolve() };

test('the signature of a known body and key is the one computed elsewhere', () => {
  const body = Buffer.from(
    '{"meta":{"test_mode":true,"event_name":"subscription_created","custom_data":{"tenant_id":"t_1"}},"data":{"type":"subscriptions","id":"1","attributes":{"status":"active","variant_id":42,"updated_at":"2026-01-01T00:00:00.000000Z"}}}',
  );
  const headers = { 'x-signature': '750d83957f66e24b47cd72432dc7802953d0e346e351326d692308237a0bf139' };
  const provider = providerAt('http://127.0.0.1:1', { webhookSecrets: ['pingvas_test_secret'] });
  expect(body).toHaveLength(230);
  expect(provider.verifyWebhook({ headers, body, nowMs: 0 })).toBe(true);
});

test('while a secret is rotated both sign, afterwards the new one alone; without a secret there is no provider', () => {
  const body = Buffer.from('{}');
  const signedBy = (secret: string) => ({
    headers: { 'x-signature': createHmac('sha256', secret).update(body).digest('hex') },
    body,
    nowMs: 0,
  });
  const during = providerAt('http://127.0.0.1:1', { webhookSecrets: ['the new one', 'the old one'] });
  expect([signedBy('the new one'), signedBy('the old one')].map((one) => during.verifyWebhook(one))).toEqual([
    true,
    true,
  ]);
  const after = providerAt('http://127.0.0.1:1', { webhookSecrets: ['the new one'] });
  expect([signedBy('the new one'), signedBy('the old one')].map((one) => after.verifyWebhook(one))).toEqual([
    true,
    false,
  ]);
  expect(() => providerAt('http://127.0.0.1:1', { webhookSecrets: [] })).toThrow(/secret/);
});

test('fields and events that we do not know are accepted', () => {
  const provider = providerAt('http://127.0.0.1:1');
  const translate = (body: object) => provider.translateWebhook(Buffer.from(JSON.stringify(body)));
  const order = { type: 'orders', id: 8, attributes: { ...attributes, new_field: { deep: [1] } }, relationships: {} };
  expect(translate({ meta: { event_name: 'order_dreamt', x: 1 }, data: order, more: true })).toMatchObject({
    name: 'order_dreamt',
    testMode: null,
    object: { kind: 'order', order: { id: '8', workspaceId: null, variantId: null } },
  });
  const licence = { type: 'license-keys', id: '1', attributes: {} };
  expect(translate({ meta: { event_name: 'license_key_created', test_mode: false }, data: licence }).object).toBeNull();
});

test('two deliveries of one change share a key, two changes do not; huge custom data name no workspace', () => {
  const provider = providerAt('http://127.0.0.1:1');
  const translate = (changes: object, custom: unknown = { workspace_id: 'w' }) =>
    provider.translateWebhook(
      Buffer.from(
        JSON.stringify({ meta: { event_name: 'order_created', custom_data: custom }, ...orderBody(changes) }),
      ),
    );
  const key = (changes: object) => translate(changes).deliveryKey;
  expect(key({ urls: { receipt: 'https://a/1' } })).toBe(key({ urls: { receipt: 'https://a/2' } }));
  expect(key({ refunded_amount: 5 })).not.toBe(key({}));
  for (const custom of [{ workspace_id: 'x'.repeat(200_000) }, { workspace_id: 7 }, [], 'w', null])
    expect(translate({}, custom).object).toMatchObject({ order: { workspaceId: null } });
});

test('a call that failed is made again, with pauses; one that is refused is not', async () => {
  const waits: number[] = [];
  const waitMs = async (ms: number) => void waits.push(ms);
  const shaky = await aServer((call) =>
    call < 3 ? { status: call === 1 ? 500 : 429 } : { status: 200, body: orderBody() },
  );
  expect(await providerAt(shaky.url, { waitMs }).fetchOrder('8')).toMatchObject({ id: '8', totalCents: 1_000 });
  expect([shaky.calls.length, waits]).toEqual([3, [500, 2_000]]);
  const down = await aServer(() => ({ status: 503 }));
  await expect(providerAt(down.url, noWait).fetchOrder('8')).rejects.toMatchObject({ kind: 'unavailable' });
  expect(down.calls).toHaveLength(4);
  const strict = await aServer(() => ({ status: 422 }));
  await expect(providerAt(strict.url, noWait).cancel('8')).rejects.toMatchObject({ kind: 'refused' });
  expect(strict.calls).toHaveLength(1);
});

test('no answer in time is no answer', async () => {
  const server = await aServer(() => 'hang');
  await expect(providerAt(server.url, { ...noWait, timeoutMs: 20 }).fetchOrder('8')).rejects.toMatchObject({
    kind: 'unavailable',
  });
});

test('a refund whose answer is lost is looked up, never sent twice', async () => {
  for (const arrived of [true, false]) {
    let refunded = 0;
    const server = await aServer((_call, request) => {
      if (request.method === 'GET') return { status: 200, body: orderBody({ refunded_amount: refunded }) };
      refunded = arrived ? 300 : 0;
      return { status: 502 };
    });
    const refund = providerAt(server.url, noWait).refund({
      payment: { kind: 'order', id: '8' },
      amountCents: 300,
      idempotencyKey: 'k',
    });
    if (arrived) expect(await refund).toMatchObject({ order: { refundedCents: 300 } });
    else await expect(refund).rejects.toMatchObject({ kind: 'unavailable' });
    expect(server.calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
  }
});

test('an object of the other mode is refused, and one that makes no sense is unreadable', async () => {
  const live = await aServer(() => ({ status: 200, body: orderBody({ test_mode: false }) }));
  await expect(providerAt(live.url).fetchOrder('8')).rejects.toMatchObject({ kind: 'refused' });
  const odd = await aServer(() => ({ status: 200, body: orderBody({ total: -1 }) }));
  await expect(providerAt(odd.url).fetchOrder('8')).rejects.toMatchObject({ kind: 'unreadable' });
});

test('no minute sees more than 300 calls, and nobody waits before that', async () => {
  let nowMs = 0;
  const starts: number[] = [];
  const pace = createPace({
    callsPerMinute: 300,
    nowMs: () => nowMs,
    waitMs: async (ms) => void starts.push(nowMs + ms),
  });
  for (let call = 0; call < 300; call += 1) await pace();
  expect(starts).toEqual([]);
  nowMs = 20_000;
  for (let call = 0; call < 301; call += 1) await pace();
  expect(starts.filter((at) => at === 60_000)).toHaveLength(300);
  expect(starts.at(-1)).toBe(120_000);
});
