import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import Stripe from 'stripe';
import { describe, expect, onTestFinished, test } from 'vitest';
import { stripeKey } from '#test/stripe/fake-stripe.ts';
import { makeStripeWorld } from '#test/stripe/stripe-world.ts';
import { all, paymentsContract } from './payments.contract.ts';
import type { ShelfItem } from './port.ts';
import { stripeEvents } from './stripe-lists.ts';
import { createStripe, type StripeOptions } from './stripe.ts';

paymentsContract(makeStripeWorld);

const workspaceId = '018f0000-0000-7000-8000-000000000001';
const day = 86_400_000;
const providerAt = (apiUrl: string, options: Partial<StripeOptions> = {}) =>
  createStripe({ secretKey: stripeKey, apiUrl, webhookSecrets: ['whsec_one'], retriesMax: 0, ...options });

/** A shop whose owner has bought something. */
async function aBuyer(which: 'small' | 'big' | 'pack' | ShelfItem = 'small') {
  const world = await makeStripeWorld();
  const { provider, stripe } = world;
  const item = typeof which === 'string' ? world.items[which] : which;
  const sold = await provider.syncItems([...new Set([...Object.values(world.items), item])]);
  const variantOf = (id: string): string => sold.find((one) => one.itemId === id)!.variantId;
  const request = {
    workspaceId,
    email: 'a@b.c',
    name: null,
    locale: 'ko',
    returnUrl: 'http://localhost:8000',
  } as const;
  const { url } = await provider.checkout({ ...request, variantId: variantOf(item.id), customerId: null });
  stripe.pay(url);
  const since = { updatedSince: new Date(world.clock.ms - day) };
  const subscription = async () => (await all(provider.listSubscriptions(since)))[0]!;
  const invoices = () => all(provider.listInvoices(since));
  const [order] = await all(provider.listOrders(since));
  /** What the newest delivery is about. */
  const told = async () => {
    const { object } = provider.translateWebhook((await world.deliveries(1)).at(-1)!.body);
    return object?.kind === 'reference' ? provider.lookUp(object) : object;
  };
  return { ...world, variantOf, subscription, invoices, order: order!, told };
}

describe('webhooks', () => {
  const payload = '{"id":"evt_1"}';
  const signed = (secret: string, timestamp: number) => ({
    headers: { 'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }) },
    body: Buffer.from(payload),
  });

  test('while a secret is rotated both sign, afterwards the new one alone; without a secret there is no provider', () => {
    const verify = (secrets: string[], by: string) =>
      providerAt('http://127.0.0.1:1', { webhookSecrets: secrets }).verifyWebhook({
        ...signed(by, 1_000),
        nowMs: 1_000_000,
      });
    expect(['whsec_new', 'whsec_old'].map((by) => verify(['whsec_new', 'whsec_old'], by))).toEqual([true, true]);
    expect(['whsec_new', 'whsec_old'].map((by) => verify(['whsec_new'], by))).toEqual([true, false]);
    expect(() => providerAt('http://127.0.0.1:1', { webhookSecrets: [] })).toThrow(/secret/);
  });

  test('a delivery that was caught and is sent again after five minutes is refused', () => {
    const verify = (nowMs: number) =>
      providerAt('http://127.0.0.1:1').verifyWebhook({ ...signed('whsec_one', 1_000), nowMs });
    expect([1_000_000, 1_300_000, 1_301_000].map(verify)).toEqual([true, true, false]);
  });

  test('events name what they are about by their object, whatever their own name; others name nothing', () => {
    const translate = (object: object, livemode = false) =>
      providerAt('http://127.0.0.1:1').translateWebhook(
        Buffer.from(JSON.stringify({ id: 'evt_1', type: 'x.dreamt', livemode, data: { object }, new_field: [1] })),
      );
    for (const [object, type, id] of [
      [{ object: 'subscription', id: 'sub_1' }, 'subscription', 'sub_1'],
      [{ object: 'invoice', id: 'in_1' }, 'invoice', 'in_1'],
      [{ object: 'invoice_payment', id: 'inpay_1', invoice: 'in_1' }, 'invoice', 'in_1'],
      [{ object: 'charge', id: 'ch_1', payment_intent: 'pi_1' }, 'payment_intent', 'pi_1'],
      [{ object: 'refund', id: 're_1', payment_intent: 'pi_1' }, 'payment_intent', 'pi_1'],
      [{ object: 'dispute', id: 'dp_1', payment_intent: 'pi_1' }, 'dispute', 'dp_1'],
      [
        { object: 'checkout.session', id: 'cs_1', subscription: 'sub_1', payment_intent: null },
        'subscription',
        'sub_1',
      ],
      [
        { object: 'checkout.session', id: 'cs_1', subscription: null, payment_intent: 'pi_1' },
        'payment_intent',
        'pi_1',
      ],
    ] as const)
      expect(translate(object)).toEqual({
        name: 'x.dreamt',
        deliveryKey: 'evt_1',
        testMode: true,
        object: { kind: 'reference', type, id },
      });
    for (const object of [
      { object: 'customer', id: 'cus_1' },
      { object: 'charge', id: 'ch_1', payment_intent: null },
    ])
      expect(translate(object, true)).toMatchObject({ testMode: false, object: null });
  });
});

describe('subscriptions', () => {
  test('each state of Stripe is one of ours; what was never paid is none', async () => {
    const { provider, stripe, clock, subscription } = await aBuyer();
    const { id, renewsAt } = await subscription();
    const at = clock.ms / 1_000;
    const calm = { status: 'active', pause_collection: null };
    const resumes_at = at + 60;
    for (const [fields, expected] of [
      [{ status: 'trialing' }, { status: 'on_trial', cancelled: false }],
      [{ status: 'past_due' }, { status: 'past_due', cancelled: false, renewsAt }],
      [{ status: 'unpaid' }, { status: 'unpaid' }],
      [{ status: 'paused' }, { status: 'paused', pause: { mode: 'void', resumesAt: null } }],
      [
        { pause_collection: { behavior: 'void', resumes_at } },
        { status: 'paused', pause: { mode: 'void', resumesAt: new Date(resumes_at * 1_000) } },
      ],
      [{ pause_collection: { behavior: 'keep_as_draft', resumes_at: null } }, { pause: { mode: 'free' } }],
      [{ pause_collection: { behavior: 'mark_uncollectible', resumes_at: null } }, { pause: { mode: 'free' } }],
      [{ cancel_at: at + 60 }, { status: 'cancelled', cancelled: true, endsAt: new Date(clock.ms + 60_000) }],
      [{ status: 'past_due' }, { status: 'past_due', cancelled: true }],
      [
        { status: 'canceled', ended_at: at },
        { status: 'expired', endsAt: new Date(clock.ms), renewsAt: null },
      ],
    ] as const) {
      stripe.alter(id, { ...calm, ...fields });
      expect(await provider.fetchSubscription(id), JSON.stringify(fields)).toMatchObject(expected);
    }
    stripe.alter(id, { status: 'incomplete' });
    expect(await provider.fetchSubscription(id)).toBeNull();
    stripe.alter(id, { status: 'dreaming', cancel_at: null });
    await expect(provider.fetchSubscription(id)).rejects.toMatchObject({ kind: 'unreadable' });
  });

  test('a cancellation for a day, made in the dashboard, is taken back as well', async () => {
    const { provider, stripe, clock, subscription } = await aBuyer();
    const { id } = await subscription();
    stripe.alter(id, { cancel_at: clock.ms / 1_000 + 60 });
    expect(await provider.resume(id)).toMatchObject({ cancelled: false, endsAt: null, status: 'active' });
  });

  test('an upgrade that is not paid changes nothing and leaves its invoice open', async () => {
    const { provider, stripe, clock, items, variantOf, subscription, invoices } = await aBuyer();
    const { id, variantId } = await subscription();
    stripe.breakCards();
    clock.ms += day;
    const change = { subscriptionId: id, variantId: variantOf(items.big.id), proration: 'invoice_now' } as const;
    expect((await provider.change({ ...change, idempotencyKey: 'k' })).variantId).toBe(variantId);
    expect((await invoices()).find(({ reason }) => reason === 'updated')).toMatchObject({
      status: 'pending',
      variantId: variantOf(items.big.id),
    });
  });

  test('from the year to the month, the next period begins when what is paid has ended', async () => {
    const { provider, stripe, items, variantOf, subscription, invoices } = await aBuyer({
      id: 'year',
      name: 'Year',
      priceCents: 25_000,
      interval: 'year',
    });
    const { id, renewsAt } = await subscription();
    const change = { subscriptionId: id, variantId: variantOf(items.small.id), proration: 'none' } as const;
    expect(await provider.change({ ...change, idempotencyKey: 'k' })).toMatchObject({
      variantId: variantOf(items.small.id),
      renewsAt,
    });
    expect((await invoices()).map(({ totalCents }) => totalCents).sort()).toEqual([0, 25_000]);
    stripe.renew(id);
    const renewal = (await invoices()).find(({ reason }) => reason === 'renewal');
    expect(renewal).toMatchObject({ totalCents: items.small.priceCents, status: 'paid' });
  });

  test('a renewal whose card is declined is past due with a failed invoice', async () => {
    const { provider, stripe, subscription, invoices } = await aBuyer();
    const { id } = await subscription();
    stripe.breakCards();
    stripe.renew(id);
    expect(await provider.fetchSubscription(id)).toMatchObject({ status: 'past_due' });
    expect((await invoices()).find(({ reason }) => reason === 'renewal')).toMatchObject({ status: 'failed' });
  });

  test('the second try of a change is the first: one key, one effect', async () => {
    const { provider, items, variantOf, subscription, invoices } = await aBuyer();
    const { id } = await subscription();
    const change = { subscriptionId: id, variantId: variantOf(items.big.id), proration: 'invoice_now' } as const;
    for (let tries = 0; tries < 2; tries += 1) await provider.change({ ...change, idempotencyKey: 'k' });
    expect((await invoices()).map(({ reason }) => reason).sort()).toEqual(['initial', 'updated']);
  });
});

describe('money that goes back', () => {
  test('a refund in the dashboard is told as the invoice or the pack it is of', async () => {
    const { provider, stripe, invoices, told } = await aBuyer();
    const [invoice] = await invoices();
    stripe.refund(stripe.intentOf(invoice!.id), 500);
    expect(await told()).toMatchObject({
      kind: 'invoice',
      invoice: { id: invoice!.id, status: 'partial_refund', refundedCents: 500 },
    });
    const pack = await aBuyer('pack');
    pack.stripe.refund(pack.order.id, 1_000);
    expect(await pack.told()).toMatchObject({
      kind: 'order',
      order: { id: pack.order.id, status: 'refunded', workspaceId },
    });
    expect(provider.testMode).toBe(true);
  });

  test('a chargeback is open, then won or lost, and names what was paid', async () => {
    const { stripe, order, told, provider, clock } = await aBuyer('pack');
    for (const [word, status] of [
      ['needs_response', 'open'],
      ['lost', 'lost'],
    ] as const) {
      stripe.dispute(order.id, word);
      expect(await told()).toMatchObject({
        kind: 'dispute',
        dispute: { payment: { kind: 'order', id: order.id }, status, amountCents: 1_000, currency: 'USD', workspaceId },
      });
    }
    expect(await all(provider.listDisputes({ updatedSince: new Date(clock.ms) }))).toMatchObject([{ status: 'lost' }]);
    const subscriber = await aBuyer();
    const [invoice] = await subscriber.invoices();
    subscriber.stripe.dispute(subscriber.stripe.intentOf(invoice!.id), 'won');
    expect(await subscriber.told()).toMatchObject({
      dispute: { payment: { kind: 'invoice', id: invoice!.id }, status: 'won' },
    });
  });
});

test('the events that lists go by are those that the set-up names', () => {
  const guide = readFileSync(path.join(import.meta.dirname, '../../../../docs/billing.md'), 'utf8');
  const named = [...guide.matchAll(/`((?:customer\.subscription|invoice|payment_intent|charge|refund)\.[a-z_.]+)`/g)];
  expect(new Set(named.map(([, name]) => name))).toEqual(new Set(Object.values(stripeEvents).flat()));
});

describe('lists', () => {
  test('what changed counts as of its newest event; what no event is of any more, as of the oldest that is kept', async () => {
    const { provider, stripe, clock, subscription } = await aBuyer();
    const boughtMs = clock.ms;
    const { id } = await subscription();
    clock.ms += 20 * day;
    stripe.alter(id, { metadata: { workspace_id: workspaceId } });
    const list = (sinceMs: number) => all(provider.listSubscriptions({ updatedSince: new Date(sinceMs) }));
    expect(await list(boughtMs)).toMatchObject([{ id, updatedAt: new Date(clock.ms), createdAt: new Date(boughtMs) }]);
    expect(await list(clock.ms + 1_000)).toEqual([]);
    clock.ms += 40 * day;
    stripe.forgetEvents();
    expect(await list(clock.ms - day)).toEqual([]);
    expect(await list(boughtMs)).toMatchObject([{ id, updatedAt: new Date(clock.ms - 29 * day) }]);
  });

  test('pages are read to their end', async () => {
    const { provider, stripe, clock } = await aBuyer('pack');
    const { id: _id, ...order } = stripe.state.things.get(
      (await all(provider.listOrders({ updatedSince: new Date(0) })))[0]!.id,
    )!;
    for (let made = 0; made < 240; made += 1) stripe.state.make('payment_intent', order);
    expect(await all(provider.listOrders({ updatedSince: new Date(0) }))).toHaveLength(241);
    expect(await all(provider.listOrders({ updatedSince: new Date(clock.ms) }))).toHaveLength(1);
  });
});

describe('the wire', () => {
  /** A server that answers each call by what the test says, and keeps what it was asked. */
  async function aServer(answer: (call: number) => { status: number; body?: object } | 'hang') {
    const calls: http.IncomingHttpHeaders[] = [];
    const server = http.createServer((request, response) => {
      const said = answer(calls.push(request.headers));
      if (said === 'hang') return;
      response.writeHead(said.status, { 'content-type': 'application/json' }).end(JSON.stringify(said.body ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
  }
  const error = (type: string, code: string) => ({ error: { type, code, message: 'no' } });

  test('a call that failed is made again with the same key; one that is refused is not', async () => {
    const shaky = await aServer((call) =>
      call === 1 ? { status: 500, body: error('api_error', 'x') } : { status: 200 },
    );
    await expect(providerAt(shaky.url, { retriesMax: 1 }).cancel('sub_1')).rejects.toMatchObject({
      kind: 'unreadable',
    });
    const [first, second] = shaky.calls;
    expect(first?.['idempotency-key']).toBeDefined();
    expect(second?.['idempotency-key']).toBe(first?.['idempotency-key']);
    const strict = await aServer(() => ({ status: 402, body: error('card_error', 'card_declined') }));
    await expect(providerAt(strict.url, { retriesMax: 1 }).cancel('sub_1')).rejects.toMatchObject({ kind: 'refused' });
    expect(strict.calls).toHaveLength(1);
  });

  test('no answer, no time, too many calls and broken servers are unavailable; a wrong key is refused, and never repeated to anybody', async () => {
    for (const answer of [
      'hang',
      { status: 503, body: error('api_error', 'x') },
      { status: 429, body: error('rate_limit_error', 'rate_limit') },
    ] as const) {
      const server = await aServer(() => answer);
      await expect(providerAt(server.url, { timeoutMs: 20 }).fetchOrder('pi_1')).rejects.toMatchObject({
        kind: 'unavailable',
      });
    }
    await expect(providerAt('http://127.0.0.1:1').fetchOrder('pi_1')).rejects.toMatchObject({ kind: 'unavailable' });
    const { stripe } = await makeStripeWorld();
    const wrong = providerAt(stripe.url, { secretKey: 'sk_test_wrong' });
    await expect(wrong.fetchOrder('pi_1')).rejects.toMatchObject({
      kind: 'refused',
      message: expect.not.stringContaining('sk_test_wrong'),
    });
  });

  test('the key says whether it is test or live', () => {
    expect(providerAt('http://127.0.0.1:1', { secretKey: 'rk_live_1' }).testMode).toBe(false);
    expect(providerAt('http://127.0.0.1:1', { secretKey: 'sk_test_1' }).testMode).toBe(true);
    expect(() => providerAt('http://127.0.0.1:1', { secretKey: 'pk_live_1' })).toThrow(/STRIPE_SECRET_KEY/);
  });
});
