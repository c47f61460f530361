import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeStripeWorld } from '#test/stripe/stripe-world.ts';
import { all, paymentsContract } from './payments.contract.ts';
import type { ShelfItem } from './port.ts';
import { stripeEvents } from './stripe-lists.ts';

paymentsContract(makeStripeWorld);

const workspaceId = '018f0000-0000-7000-8000-000000000001';
const day = 86_400_000;
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

  test('a change that is sent twice, at once or an hour later, is one', async () => {
    const { provider, clock, items, variantOf, subscription, invoices } = await aBuyer();
    const { id } = await subscription();
    const change = { subscriptionId: id, variantId: variantOf(items.big.id), proration: 'invoice_now' } as const;
    const send = () => provider.change({ ...change, idempotencyKey: 'k' });
    await Promise.all([send(), send()]);
    clock.ms += 3_600_000;
    expect((await send()).variantId).toBe(change.variantId);
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
