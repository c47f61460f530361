import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox, type Variant } from './index.ts';

const secret = 'a secret of tests';
const variants: Variant[] = [
  { id: '1', name: 'Starter, monthly', priceCents: 2_500, interval: 'month' },
  { id: '2', name: 'Pro, monthly', priceCents: 7_500, interval: 'month' },
  { id: '3', name: 'Pro, yearly', priceCents: 75_000, interval: 'year' },
  { id: '9', name: '1,000 credits', priceCents: 1_000, interval: null },
];

type Received = { event: string; body: any; at: number };
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A listener for webhooks that answers `status(event)` and keeps what was signed rightly. */
async function aListener(status: (count: number) => number = () => 200) {
  const received: Received[] = [];
  const waiting: (() => void)[] = [];
  let count = 0;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const signed = createHmac('sha256', secret).update(raw).digest('hex') === request.headers['x-signature'];
      const answer = signed ? status((count += 1)) : 401;
      if (answer === 200) {
        const body = JSON.parse(raw.toString());
        received.push({ event: String(request.headers['x-event-name']), body, at: Date.now() });
      }
      response.writeHead(answer).end();
      for (const wake of waiting.splice(0)) wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))));
  const until = async (enough: () => boolean): Promise<void> => {
    while (!enough()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    calls: () => count,
    events: () => received.map(({ event }) => event),
    atLeast: (number: number) => until(() => received.length >= number),
    called: (number: number) => until(() => count >= number),
  };
}

async function aSandbox(options: Partial<SandboxOptions> & { hook: string }) {
  const sandbox: Sandbox = await startSandbox({
    port: 0,
    file: null,
    apiKey: 'key',
    storeId: '7',
    variants,
    webhook: { url: options.hook, secret },
    ...options,
  });
  closing.push(() => sandbox.stop());
  const call = async (method: string, route: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(sandbox.url + route, {
      method,
      headers: { authorization: 'Bearer key', 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'manual',
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : null;
    return { status: response.status, json, text, headers: response.headers };
  };
  const post = (route: string, body?: object) => call('POST', route, body);
  const checkout = async (variantId: string, email = 'buyer@example.com'): Promise<string> => {
    const { json } = await post('/v1/checkouts', {
      data: {
        type: 'checkouts',
        attributes: {
          checkout_data: { email, name: 'Buyer', custom: { workspace_id: 'w1' } },
          product_options: { redirect_url: 'http://localhost:8000/billing' },
        },
        relationships: {
          store: { data: { type: 'stores', id: '7' } },
          variant: { data: { type: 'variants', id: variantId } },
        },
      },
    });
    return json.data.id;
  };
  const subscribe = async (variantId = '1', card = 'paid'): Promise<string> =>
    (await post(`/checkouts/${await checkout(variantId)}/pay`, { card })).json.subscription_id;
  const get = async (route: string) => (await call('GET', route)).json.data.attributes;
  return { ...sandbox, call, post, checkout, subscribe, get };
}

const days = (count: number) => ({ advance_s: count * 86_400 });

test('a paid checkout makes an order, a subscription and a paid invoice, and tells of each, signed', async () => {
  const hook = await aListener();
  const shop = await aSandbox({ hook: hook.url });
  const id = await shop.checkout('2');
  const paid = await shop.post(`/checkouts/${id}/pay`, { card: '4242 4242 4242 4242' });
  expect(paid.json).toMatchObject({ status: 'paid', return_url: 'http://localhost:8000/billing' });
  await hook.atLeast(4);
  expect(hook.events()).toEqual([
    'order_created',
    'subscription_created',
    'subscription_updated',
    'subscription_payment_success',
  ]);
  const [order, created, , invoice] = hook.received.map(({ body }) => body);
  expect(order).toMatchObject({
    meta: { test_mode: true, event_name: 'order_created', custom_data: { workspace_id: 'w1' } },
    data: { type: 'orders', attributes: { status: 'paid', total: 7_500, first_order_item: { variant_id: 2 } } },
  });
  expect(created.data.attributes).toMatchObject({ status: 'active', variant_id: 2, cancelled: false, pause: null });
  expect(invoice.meta).not.toHaveProperty('custom_data');
  expect(invoice.data).toMatchObject({ type: 'subscription-invoices', attributes: { billing_reason: 'initial' } });
  const again = await shop.post(`/checkouts/${id}/pay`, { card: 'paid' });
  expect(again.json).toEqual(paid.json);
  expect((await shop.call('GET', '/v1/orders')).json.data).toHaveLength(1);
});

test('a declined card buys nothing; 3-D Secure buys when the bank hears yes', async () => {
  const shop = await aSandbox({ hook: (await aListener()).url });
  const id = await shop.checkout('9');
  expect((await shop.post(`/checkouts/${id}/pay`, { card: 'declined' })).status).toBe(402);
  for (const [approve, status] of [
    [false, 'declined'],
    [true, 'paid'],
  ]) {
    expect((await shop.post(`/checkouts/${id}/pay`, { card: '3ds' })).json.status).toBe('requires_action');
    expect((await shop.call('GET', '/v1/orders')).json.data).toHaveLength(0);
    expect((await shop.post(`/checkouts/${id}/confirm`, { approve })).json.status).toBe(status);
  }
  expect((await shop.call('GET', '/v1/orders')).json.data).toHaveLength(1);
});

test('renewals come with the clock, on the day of the first, through short months', async () => {
  const realNow = () => Date.UTC(2026, 0, 31, 12);
  const shop = await aSandbox({ hook: (await aListener()).url, realNow });
  const id = await shop.subscribe();
  expect((await shop.get(`/v1/subscriptions/${id}`)).renews_at).toBe('2026-02-28T12:00:00.000000Z');
  await shop.post('/control/clock', days(90));
  expect((await shop.get(`/v1/subscriptions/${id}`)).renews_at).toBe('2026-05-31T12:00:00.000000Z');
  const { json } = await shop.call('GET', '/v1/subscription-invoices');
  expect(json.data.map((one: any) => one.attributes.created_at.slice(0, 10))).toEqual([
    '2026-04-30',
    '2026-03-31',
    '2026-02-28',
    '2026-01-31',
  ]);
});

test('a failed renewal is tried four times in two weeks, is unpaid, and expires; a recovered one goes on', async () => {
  const hook = await aListener();
  const shop = await aSandbox({ hook: hook.url, realNow: () => Date.UTC(2026, 0, 1) });
  const [lost, saved] = [await shop.subscribe(), await shop.subscribe('1')];
  const status = async (id: string) => (await shop.get(`/v1/subscriptions/${id}`)).status;
  await shop.post(`/control/subscriptions/${saved}/fail`);
  expect(await status(saved)).toBe('past_due');
  await shop.post(`/control/subscriptions/${saved}/recover`);
  expect(await status(saved)).toBe('active');
  await shop.post(`/control/subscriptions/${lost}/fail`);
  await shop.post('/control/clock', days(13));
  expect(await status(lost)).toBe('past_due');
  await shop.post('/control/clock', days(1));
  expect(await status(lost)).toBe('unpaid');
  await shop.post('/control/clock', days(14));
  expect(await status(lost)).toBe('expired');
  const { json } = await shop.call('GET', '/control');
  await hook.atLeast(Number(json.deliveries.waiting) + Number(json.deliveries.delivered));
  expect(hook.events().filter((event) => event === 'subscription_payment_recovered')).toHaveLength(1);
  expect(hook.events().filter((event) => event === 'subscription_expired')).toHaveLength(1);
});

test('an upgrade charges the difference for what is left; without proration nothing is charged', async () => {
  const shop = await aSandbox({ hook: (await aListener()).url, realNow: () => Date.UTC(2026, 5, 1) });
  const id = await shop.subscribe('1');
  const change = (attributes: object) =>
    shop.call('PATCH', `/v1/subscriptions/${id}`, { data: { type: 'subscriptions', id, attributes } });
  await shop.post('/control/clock', days(15));
  await change({ variant_id: 2, invoice_immediately: true });
  await change({ variant_id: 2, invoice_immediately: true });
  const invoices = (await shop.call('GET', '/v1/subscription-invoices')).json.data;
  expect(invoices.map((one: any) => [one.attributes.billing_reason, one.attributes.total])).toEqual([
    ['updated', 2_500],
    ['initial', 2_500],
  ]);
  await change({ variant_id: 1, disable_prorations: true });
  expect((await shop.call('GET', '/v1/subscription-invoices')).json.data).toHaveLength(2);
  await change({ variant_id: 3, invoice_immediately: true });
  expect((await shop.get(`/v1/subscriptions/${id}`)).renews_at).toBe('2027-06-16T00:00:00.000000Z');
});

test('cancel ends with the period unless it is taken back; a pause charges nothing', async () => {
  const shop = await aSandbox({ hook: (await aListener()).url, realNow: () => Date.UTC(2026, 5, 1) });
  const id = await shop.subscribe();
  const at = `/v1/subscriptions/${id}`;
  await shop.call('DELETE', at);
  expect(await shop.get(at)).toMatchObject({
    status: 'cancelled',
    renews_at: null,
    ends_at: '2026-07-01T00:00:00.000000Z',
  });
  await shop.call('PATCH', at, { data: { attributes: { cancelled: false } } });
  expect(await shop.get(at)).toMatchObject({ status: 'active', ends_at: null });
  await shop.post(`/control/subscriptions/${id}/pause`, { mode: 'free' });
  await shop.post('/control/clock', days(40));
  expect((await shop.call('GET', '/v1/subscription-invoices')).json.data).toHaveLength(1);
  await shop.post(`/control/subscriptions/${id}/unpause`);
  await shop.call('DELETE', at);
  await shop.post('/control/clock', days(40));
  expect((await shop.get(at)).status).toBe('expired');
  expect((await shop.post(`/control/subscriptions/${id}/renew`)).status).toBe(422);
});

test('refunds never exceed what was paid and happen once per key; a disputed card is disputed a week later', async () => {
  const hook = await aListener();
  const shop = await aSandbox({ hook: hook.url });
  const paid = (await shop.post(`/checkouts/${await shop.checkout('9')}/pay`, { card: 'disputed' })).json;
  const refund = (amount: number, key: string) =>
    shop.call(
      'POST',
      `/v1/orders/${paid.order_id}/refund`,
      { data: { attributes: { amount } } },
      { 'idempotency-key': key },
    );
  expect((await refund(1_001, 'a')).status).toBe(422);
  expect((await refund(400, 'b')).json.data.attributes).toMatchObject({
    status: 'partial_refund',
    refunded_amount: 400,
  });
  expect((await refund(400, 'b')).json.data.attributes.refunded_amount).toBe(400);
  expect((await refund(601, 'c')).status).toBe(422);
  await shop.post('/control/clock', days(8));
  const { json } = await shop.call('GET', '/v1/disputes');
  expect(json.data[0].attributes).toMatchObject({ payment_kind: 'order', status: 'open', amount: 600 });
  await shop.post(`/control/disputes/${json.data[0].id}/lose`);
  await hook.atLeast(4);
  expect(hook.events()).toEqual(['order_created', 'order_refunded', 'dispute_created', 'dispute_resolved']);
});

test('anything but 200 is tried again three times, then given up', async () => {
  const hook = await aListener((count) => (count === 1 ? 204 : 500));
  const shop = await aSandbox({ hook: hook.url });
  await shop.post(`/checkouts/${await shop.checkout('9')}/pay`, { card: 'paid' });
  for (const [tries, waitS] of [
    [1, 5],
    [2, 25],
    [3, 125],
  ] as const) {
    await hook.called(tries);
    await untilTried(shop, tries);
    await shop.post('/control/clock', { advance_s: waitS });
  }
  await hook.called(4);
  const given = async () => (await shop.call('GET', '/control')).json.deliveries;
  while ((await given()).failed === 0);
  expect(await given()).toEqual({ waiting: 0, delivered: 0, failed: 1 });
  expect(hook.calls()).toBe(4);
});

/** The sandbox has heard the answer of a try. */
async function untilTried(shop: Awaited<ReturnType<typeof aSandbox>>, tries: number): Promise<void> {
  while (!(await shop.call('GET', '/control/deliveries')).json.data.every((one: any) => one.attempt >= tries));
}

test('faults lose, double and shuffle deliveries', async () => {
  const hook = await aListener();
  const shop = await aSandbox({ hook: hook.url });
  await shop.post('/control/faults', { drop: 1 });
  await shop.subscribe();
  expect((await shop.call('GET', '/control')).json.deliveries.waiting).toBe(0);
  await shop.post('/control/faults', { drop: 0, duplicate: 1, reorder: true });
  await shop.subscribe();
  await hook.atLeast(8);
  expect(hook.events().sort()).toEqual(
    ['order_created', 'subscription_created', 'subscription_payment_success', 'subscription_updated'].flatMap(
      (name) => [name, name],
    ),
  );
  expect((await shop.post('/control/faults', { drop: 2 })).status).toBe(422);
});

test('a restart loses nothing: what was bought, the clock, and deliveries on their way', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sandbox-'));
  closing.push(async () => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'state.json');
  const deaf = await aListener(() => 500);
  const before = await aSandbox({ hook: deaf.url, file });
  await before.post('/control/clock', days(100));
  const id = await before.subscribe();
  await deaf.called(4);
  await before.stop();
  const hook = await aListener();
  const after = await aSandbox({ hook: hook.url, file });
  expect((await after.get(`/v1/subscriptions/${id}`)).status).toBe('active');
  await after.post('/control/clock', { advance_s: 5 });
  await hook.atLeast(4);
  expect(hook.events()).toContain('subscription_payment_success');
});

test('the API wants its key, keeps to 300 calls a minute, and pages its lists', async () => {
  const shop = await aSandbox({ hook: (await aListener()).url, callsPerMinute: 9 });
  expect((await shop.call('GET', '/v1/orders', undefined, { authorization: 'Bearer other' })).status).toBe(401);
  for (let at = 0; at < 3; at += 1) await shop.post(`/checkouts/${await shop.checkout('9')}/pay`, { card: 'paid' });
  const { json } = await shop.call('GET', '/v1/orders?page[size]=2&page[number]=2');
  expect(json.data).toHaveLength(1);
  expect(json.meta.page).toMatchObject({ currentPage: 2, lastPage: 2, total: 3 });
  const answers = [];
  for (let at = 0; at < 10; at += 1) answers.push((await shop.call('GET', '/v1/orders/none')).status);
  expect(answers).toContain(429);
});

test('pages speak Korean and English, take forms, and a portal needs its signed link', async () => {
  const shop = await aSandbox({ hook: (await aListener()).url });
  const id = await shop.checkout('2', '<b>@example.com');
  const page = (route: string, language: string) => shop.call('GET', route, undefined, { 'accept-language': language });
  expect((await page(`/checkouts/${id}`, 'ko-KR,ko;q=0.9')).text).toContain('결제하기');
  const english = (await page(`/checkouts/${id}`, 'fr')).text;
  expect(english).toContain('Pay</button>');
  expect(english).not.toContain('<b>@');
  const form = await fetch(`${shop.url}/checkouts/${id}/pay`, {
    method: 'POST',
    body: new URLSearchParams({ card: 'paid' }),
    redirect: 'manual',
  });
  expect([form.status, form.headers.get('location')]).toEqual([303, 'http://localhost:8000/billing']);
  const orders = (await shop.call('GET', '/v1/orders')).json.data;
  const customer = await shop.get(`/v1/customers/${orders[0].attributes.customer_id}`);
  const portal = customer.urls.customer_portal as string;
  expect(await (await fetch(`${portal}&locale=ko`)).text()).toContain('구독 관리');
  const subscription = (await shop.call('GET', '/v1/subscriptions')).json.data[0].id;
  await fetch(portal, { method: 'POST', body: new URLSearchParams({ subscription, action: 'cancel' }) });
  expect((await shop.get(`/v1/subscriptions/${subscription}`)).cancelled).toBe(true);
  expect((await fetch(portal.replace(/.$/, 'x'))).status).toBe(403);
  expect((await fetch(portal.split('?')[0] ?? '')).status).toBe(403);
});

test('pages of other origins and names that were made to point here are refused', async () => {
  const shop = await aSandbox({ hook: (await aListener()).url });
  expect((await shop.call('POST', '/control/clock', days(1), { origin: 'https://evil.example' })).status).toBe(403);
  const { hostname, port } = new URL(shop.url);
  const status = await new Promise((resolve) =>
    http.get({ hostname, port, path: '/control', headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }),
  );
  expect(status).toBe(421);
});
