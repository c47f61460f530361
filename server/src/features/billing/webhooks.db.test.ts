import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished } from 'vitest';
import type { ProviderInvoice, ProviderObject, ProviderOrder, ProviderSubscription } from '#adapters/payments/port.ts';
import { createTestApi, test, type TestApi } from '#test/app.ts';
import { cloneDatabase, type TestDatabase } from '#test/database.ts';
import { aWorkspace } from '#test/factories.ts';
import { createFakePayments, type FakePayments } from '#test/fake-payments.ts';
import { applyWebhook } from './apply-webhook.ts';
import { billingChores } from './billing.jobs.ts';
import { settleDue } from './settle-due.ts';

const day = 86_400_000;
const start = Date.parse('2026-03-31T09:00:00.000Z');
const when = (days: number): Date => new Date(start + days * day);

type Shop = { db: TestDatabase; api: TestApi; fake: FakePayments; clock: { now: number; nowMs: () => number } };

/** An API with a provider, on a database of its own, and what the chores do when they are told to. */
async function aShop(): Promise<Shop> {
  const db = await cloneDatabase();
  onTestFinished(db.close);
  await db.owner.pool.query(
    "insert into payment_variant select 'sandbox', 'v_' || i, i, true from unnest(array['starter_monthly', 'pro_monthly', 'pro_yearly', 'pack_5000']) i",
  );
  const fake = createFakePayments();
  const clock = { now: start, nowMs: () => clock.now };
  const api = await createTestApi(db, { payments: new Map([['sandbox', fake]]), clock });
  onTestFinished(api.close);
  return { db, api, fake, clock };
}

const send = ({ api }: Shop, delivery: { body: Buffer; headers: Record<string, string> }, provider = 'sandbox') =>
  api.call({ method: 'POST', url: `/api/v1/webhooks/${provider}`, payload: delivery.body, headers: delivery.headers });

/** Applies whatever waits in the inbox, in random order, all of it twice. */
async function applyAll({ db, fake, clock }: Shop): Promise<string[]> {
  const { rows } = await db.owner.pool.query<{ id: string }>(
    "select webhook_event_id as id from webhook_event where outcome = 'waiting' order by random()",
  );
  const deps = { db: db.app, payments: new Map([['sandbox' as const, fake]]), clock };
  await Promise.all([...rows, ...rows].map(async ({ id }) => applyWebhook(deps, id)));
  const ended = await db.owner.pool.query<{ outcome: string }>(
    'select outcome from webhook_event where webhook_event_id = any($1) order by received_at, webhook_event_id',
    [rows.map(({ id }) => id)],
  );
  return ended.rows.map(({ outcome }) => outcome);
}

const common = (workspaceId: string | null) => ({ customerId: 'cus_1', workspaceId, testMode: true });
const aSubscription = (workspaceId: string, changes: Partial<ProviderSubscription> = {}): ProviderSubscription => ({
  ...common(workspaceId),
  id: `sub_${workspaceId}`,
  createdAt: when(0),
  updatedAt: when(0),
  variantId: 'v_starter_monthly',
  status: 'active',
  cancelled: false,
  renewsAt: when(30),
  endsAt: null,
  pause: null,
  card: { brand: 'visa', lastFour: '4242' },
  ...changes,
});
const anInvoice = (workspaceId: string, changes: Partial<ProviderInvoice> = {}): ProviderInvoice => ({
  ...common(null),
  id: `in_${randomUUID()}`,
  subscriptionId: `sub_${workspaceId}`,
  createdAt: when(0),
  updatedAt: when(0),
  reason: 'initial',
  status: 'paid',
  variantId: null,
  currency: 'USD',
  totalCents: 25_00,
  refundedCents: 0,
  ...changes,
});
const anOrder = (workspaceId: string, changes: Partial<ProviderOrder> = {}): ProviderOrder => ({
  ...common(workspaceId),
  id: `ord_${randomUUID()}`,
  createdAt: when(1),
  updatedAt: when(1),
  variantId: 'v_pack_5000',
  status: 'paid',
  currency: 'USD',
  totalCents: 45_00,
  refundedCents: 0,
  ...changes,
});
const subscription = (value: ProviderSubscription): ProviderObject => ({ kind: 'subscription', subscription: value });
const invoice = (value: ProviderInvoice): ProviderObject => ({ kind: 'invoice', invoice: value });
const order = (value: ProviderOrder): ProviderObject => ({ kind: 'order', order: value });

async function stateOf({ db }: Shop, workspaceId: string) {
  const { rows } = await db.owner.pool.query(
    `select w.plan, a.balance / 1000 as balance, a.period_start, (select json_agg(g.granted / 1000 order by g.granted)
       from credit_grant g where g.workspace_id = $1 and g.granted > 0) as grants
     from workspace w join credit_account a using (workspace_id) where workspace_id = $1`,
    [workspaceId],
  );
  return rows[0];
}

describe('the inbox', () => {
  test('a forged delivery in any form is refused and not kept; only the provider’s own bytes are', async () => {
    const shop = await aShop();
    const { workspaceId } = await aWorkspace(shop.db, { plan: 'free', credits: 0 });
    const { body, headers } = shop.fake.deliver(order(anOrder(workspaceId)));
    const signature = headers['x-signature']!;
    const forged: (Record<string, string> | undefined)[] = [
      undefined,
      { 'x-signature': '' },
      { 'x-signature': signature.slice(1) },
      { 'x-signature': `${signature},${signature}` },
      { 'x-signature': signature.replace(/^./, (first) => (first === '0' ? '1' : '0')) },
      { 'x-signature': signature.toUpperCase() },
      { 'x-signature': '고양이'.repeat(20) },
    ].map((each) => each && Object.fromEntries(Object.entries(each).map(([k, v]) => [k, encodeURI(v)])));
    for (const wrong of forged) {
      const answer = await send(shop, { body, headers: { 'content-type': 'application/json', ...wrong } });
      expect([answer.statusCode, answer.json().code], JSON.stringify(wrong)).toEqual([401, 'webhook_not_verified']);
    }
    const altered = Buffer.from(body.toString().replace('pack_5000', 'pack_9000'));
    expect((await send(shop, { body: altered, headers })).statusCode).toBe(401);
    const { rows } = await shop.db.owner.pool.query('select count(*)::int as n from webhook_event');
    expect(rows).toEqual([{ n: 0 }]);
    expect((await send(shop, { body, headers })).json()).toEqual({ received: true });
  });

  test('the other mode, no JSON, too many bytes and providers nobody configured are refused', async () => {
    const shop = await aShop();
    const live = createFakePayments(false).deliver(null);
    expect((await send(shop, live)).json().code).toBe('webhook_refused');
    expect((await send(shop, shop.fake.deliver(null), 'stripe')).statusCode).toBe(404);
    expect((await send(shop, shop.fake.deliver(null), 'nobody')).statusCode).toBe(404);
    const big = shop.fake.deliver(order(anOrder('x'.repeat(200_000))));
    expect([(await send(shop, big)).statusCode]).toEqual([413]);
  });

  test('an unknown event is kept, answered 200 and changes nothing; the same delivery is kept once', async () => {
    const shop = await aShop();
    const delivery = shop.fake.deliver(null, 'license_key_created');
    expect([(await send(shop, delivery)).statusCode, (await send(shop, delivery)).statusCode]).toEqual([200, 200]);
    expect(await applyAll(shop)).toEqual(['ignored']);
  });
});

describe('what is paid', () => {
  test('gives plan and credits once, in whatever order and however often the news comes', async () => {
    const shop = await aShop();
    const { workspaceId } = await aWorkspace(shop.db, { plan: 'free', credits: 0 });
    const first = anInvoice(workspaceId);
    const upgrade = anInvoice(workspaceId, {
      reason: 'updated',
      createdAt: when(15),
      updatedAt: when(15),
      totalCents: 25_00,
    });
    const news = [
      subscription(aSubscription(workspaceId)),
      subscription(aSubscription(workspaceId, { variantId: 'v_pro_monthly', updatedAt: when(15) })),
      invoice(first),
      invoice({ ...first, status: 'pending', updatedAt: when(0) }),
      invoice(upgrade),
      order(anOrder(workspaceId)),
      order(anOrder(workspaceId, { variantId: 'v_pro_monthly' })),
      order(anOrder(workspaceId, { currency: 'EUR' })),
      order(anOrder(workspaceId, { totalCents: -45_00 })),
      order(anOrder(workspaceId, { variantId: 'v_unknown' })),
    ];
    shop.clock.now = start + 16 * day;
    for (const object of [...news, ...news]) await send(shop, shop.fake.deliver(object));
    shop.fake.known.subscriptions.set(`sub_${workspaceId}`, aSubscription(workspaceId));
    expect(new Set(await applyAll(shop))).toEqual(new Set(['applied']));
    expect(await stateOf(shop, workspaceId)).toEqual({
      plan: 'pro',
      balance: 10_000,
      period_start: when(0),
      grants: [2_500, 2_500, 5_000],
    });
  });

  test('an event names a workspace; it moves no subscription out of the one it belongs to', async () => {
    const shop = await aShop();
    const { workspaceId } = await aWorkspace(shop.db, { plan: 'free', credits: 0 });
    const other = await aWorkspace(shop.db, { plan: 'free', credits: 0 });
    await send(shop, shop.fake.deliver(subscription(aSubscription(workspaceId))));
    await applyAll(shop);
    const stolen = { ...aSubscription(workspaceId), workspaceId: other.workspaceId, updatedAt: when(1) };
    await send(shop, shop.fake.deliver(subscription(stolen)));
    await send(shop, shop.fake.deliver(invoice({ ...anInvoice(workspaceId), workspaceId: other.workspaceId })));
    await send(shop, shop.fake.deliver(order(anOrder(randomUUID()))));
    expect((await applyAll(shop)).sort()).toEqual(['applied', 'applied', 'no_workspace']);
    expect(await stateOf(shop, other.workspaceId)).toMatchObject({ plan: 'free', balance: 0 });
    expect(await stateOf(shop, workspaceId)).toMatchObject({ plan: 'starter', balance: 2_500 });
  });

  test('refunds take back what is unused and write down the rest; a dispute freezes until it is won', async () => {
    const shop = await aShop();
    const { workspaceId } = await aWorkspace(shop.db, { plan: 'free', credits: 0 });
    const bought = anOrder(workspaceId);
    await send(shop, shop.fake.deliver(order(bought)));
    await applyAll(shop);
    const dispute = (status: 'open' | 'won', days: number): ProviderObject => ({
      kind: 'dispute',
      dispute: {
        ...common(null),
        id: `dp_${workspaceId}`,
        createdAt: when(2),
        updatedAt: when(days),
        payment: { kind: 'order', id: bought.id },
        status,
        currency: 'USD',
        amountCents: 45_00,
      },
    });
    const hold = async (): Promise<unknown> =>
      (
        await shop.db.owner.pool.query('select public.ledger_hold($1, public.new_id(), $2, 4000000, now()) as held', [
          workspaceId,
          randomUUID(),
        ])
      ).rows[0].held;
    await send(shop, shop.fake.deliver(dispute('open', 2)));
    await applyAll(shop);
    expect(await hold()).toBe(-1);
    await send(shop, shop.fake.deliver(dispute('won', 3)));
    await applyAll(shop);
    expect(await hold()).toBe(4_000_000);
    await send(
      shop,
      shop.fake.deliver(order({ ...bought, status: 'partial_refund', refundedCents: 22_50, updatedAt: when(4) })),
    );
    await applyAll(shop);
    const { rows } = await shop.db.owner.pool.query(
      'select back_wanted, back_taken from billing_grant where workspace_id = $1',
      [workspaceId],
    );
    expect(rows).toEqual([{ back_wanted: 2_500_000, back_taken: 1_000_000 }]);
    expect(await stateOf(shop, workspaceId)).toMatchObject({ balance: 4_000 });
  });

  test('a payment that overtakes its subscription, and does not say whose it is, is applied when the subscription has come', async () => {
    const shop = await aShop();
    const { workspaceId } = await aWorkspace(shop.db, { plan: 'free', credits: 0 });
    const monthly = aSubscription(workspaceId);
    shop.fake.known.subscriptions.set(monthly.id, { ...monthly, workspaceId: null });
    await send(shop, shop.fake.deliver(invoice(anInvoice(workspaceId))));
    expect(await applyAll(shop)).toEqual(['no_workspace']);
    await send(shop, shop.fake.deliver({ kind: 'subscription', subscription: monthly }));
    expect(await applyAll(shop)).toEqual(['applied']);
    expect((await stateOf(shop, workspaceId)).grants).toBeNull();
    const { rows } = await shop.db.owner.pool.query<{ payload: object }>(
      `select j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
       where t.identifier = 'apply_webhook'`,
    );
    const deps = { db: shop.db.app, payments: new Map([['sandbox' as const, shop.fake]]), clock: shop.clock };
    const apply = billingChores(deps)['apply_webhook'];
    for (const { payload } of rows) await apply?.(payload);
    expect((await stateOf(shop, workspaceId)).grants).toEqual([2_500]);
  });

  test('a lost subscription is fetched; a year brings each month when it begins, and Free follows its end by the clock alone', async () => {
    const shop = await aShop();
    const { workspaceId } = await aWorkspace(shop.db, { plan: 'free', credits: 0 });
    const yearly = aSubscription(workspaceId, { variantId: 'v_pro_yearly', cancelled: true, endsAt: when(365) });
    // As with Lemon Squeezy: the delivery says whose it is, the object that is fetched does not.
    shop.fake.known.subscriptions.set(yearly.id, { ...yearly, workspaceId: null });
    await send(shop, shop.fake.deliver(invoice(anInvoice(workspaceId, { workspaceId, totalCents: 750_00 }))));
    expect(await applyAll(shop)).toEqual(['applied']);
    expect(await stateOf(shop, workspaceId)).toMatchObject({ plan: 'pro', balance: 7_500, grants: [7_500] });
    for (const [days, grants, plan] of [
      [29, 1, 'pro'],
      [31, 2, 'pro'],
      [364, 12, 'pro'],
      [366, 12, 'free'],
    ] as const) {
      shop.clock.now = start + days * day;
      await settleDue({ db: shop.db.app, clock: shop.clock });
      const state = await stateOf(shop, workspaceId);
      expect([state.grants.length, state.plan], `day ${days}`).toEqual([grants, plan]);
    }
    expect((await stateOf(shop, workspaceId)).period_start).toEqual(when(365));
  });
});
