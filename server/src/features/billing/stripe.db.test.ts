import { expect, onTestFinished } from 'vitest';
import { test } from '#test/app.ts';
import { cloneDatabase } from '#test/database.ts';
import { aShop, applyInbox } from '#test/shop.ts';
import { aStripeShop, billBy } from '#test/stripe/stripe-shop.ts';
import { reconcile, type ReconcileReport } from './reconcile.ts';
import { settleDue } from './settle-due.ts';

const day = 86_400_000;
const starter = { product: 'starter', interval: 'month' };
const pro = { product: 'pro', interval: 'month' };

/** A shop that sells by Stripe alone, on a clock that is moved by hand. */
async function aShopByStripe() {
  const db = await cloneDatabase();
  onTestFinished(db.close);
  const clock = { ms: Date.UTC(2026, 3, 1, 9), nowMs: () => clock.ms };
  return { ...(await aStripeShop(db, clock)), clock };
}
type StripeShop = Awaited<ReturnType<typeof aShopByStripe>>;

async function buy(
  { bill, stripe, settle }: Pick<StripeShop, 'bill' | 'stripe' | 'settle'>,
  path: string,
  what: object,
) {
  const { status, body } = await bill('POST', path, what);
  expect(status, JSON.stringify(body)).toBe(200);
  stripe.pay(body.url);
  await settle();
}

/** The plan, and the credits that payments brought and lost; `usable` is what is left and not frozen. */
async function ledgerOf({ db }: Pick<StripeShop, 'db'>, workspaceId: string) {
  const { rows } = await db.owner.pool.query(
    `select w.plan, coalesce((select sum(granted) from billing_grant b where b.workspace_id = w.workspace_id), 0)::float8 / 1000 as granted,
       coalesce((select sum(back_taken) from billing_grant b where b.workspace_id = w.workspace_id), 0)::float8 / 1000 as back
     from workspace w where workspace_id = $1`,
    [workspaceId],
  );
  const { plan, granted, back } = rows[0];
  return [plan, Math.round(granted), Math.round(back)];
}

async function compare({
  db,
  payments,
  clock,
}: Pick<Awaited<ReturnType<typeof aStripeShop>>, 'db' | 'payments' | 'clock'>): Promise<ReconcileReport[]> {
  const reports: ReconcileReport[] = [];
  await reconcile({ db: db.app, payments, clock }, (report) => reports.push(report));
  return reports;
}

test('the life of a subscription at Stripe: whatever the order of its events, plan and credits are those of a table made by hand', async () => {
  const shop = await aShopByStripe();
  const { bill, stripe, clock, db, owner } = shop;
  const idOf = async (): Promise<string> =>
    (await db.owner.pool.query('select subscription_id as id from billing_subscription')).rows[0].id;
  const renew = async () => stripe.renew(await idOf());
  const ask = async (path: string, what?: object) => expect((await bill('POST', path, what)).status).toBe(200);
  const refund = async () => {
    const { rows } = await db.owner.pool.query(
      "select payment_id as id from billing_payment where item_id = 'pack_1000'",
    );
    stripe.refund(rows[0].id, 500);
  };
  const life: [at: string, step: () => Promise<unknown>, plan: string, granted: number, back: number][] = [
    ['2026-04-01T09:00', () => buy(shop, '/checkout', starter), 'starter', 2_500, 0],
    ['2026-04-16T09:00', () => ask('/change', pro), 'pro', 5_000, 0], // half of the month is left: 5,000 / 2
    ['2026-05-01T09:00', renew, 'pro', 12_500, 0],
    ['2026-05-10T09:00', () => buy(shop, '/credit-packs', { pack: 'pack_1000' }), 'pro', 13_500, 0],
    ['2026-05-11T09:00', refund, 'pro', 13_500, 500],
    ['2026-05-20T09:00', () => ask('/cancel'), 'pro', 13_500, 500],
    ['2026-05-21T09:00', () => ask('/resume'), 'pro', 13_500, 500],
    ['2026-05-22T09:00', () => ask('/cancel'), 'pro', 13_500, 500],
    ['2026-06-01T09:00', renew, 'free', 13_500, 500],
  ];
  for (const [at, step, ...ledger] of life) {
    clock.ms = Date.parse(`${at}:00Z`);
    await step();
    await shop.settle();
    await settleDue({ db: db.app, clock });
    expect(await ledgerOf(shop, owner.workspaceId), at).toEqual(ledger);
  }
  expect(await compare(shop)).toMatchObject([{ drifted: 0, failed: 0, passedOver: {} }]);
});

test('a chargeback freezes what was bought until it is decided, and takes it back when it is lost', async () => {
  const shop = await aShopByStripe();
  const { stripe, db, owner } = shop;
  await buy(shop, '/credit-packs', { pack: 'pack_5000' });
  const { rows } = await db.owner.pool.query('select payment_id as id from billing_payment');
  const frozen = async () => {
    const found = await db.owner.pool.query(
      'select frozen_at is not null and remaining > 0 as frozen from credit_grant',
    );
    return found.rows.map((row) => row.frozen);
  };
  for (const [word, isFrozen, back] of [
    ['needs_response', true, 0],
    ['lost', false, 5_000],
  ] as const) {
    stripe.dispute(rows[0].id, word);
    await shop.settle();
    expect(await frozen()).toEqual([isFrozen]);
    expect(await ledgerOf(shop, owner.workspaceId)).toEqual(['free', 5_000, back]);
  }
});

test('deliveries that were lost cost at most the next comparison, which says what they were', async () => {
  const shop = await aShopByStripe();
  const { stripe, waiting, clock, db, owner } = shop;
  const { body } = await shop.bill('POST', '/checkout', pro);
  stripe.pay(body.url);
  waiting.splice(0);
  clock.ms += 3_600_000;
  expect(await compare(shop)).toMatchObject([{ failed: 0, drifted: expect.toSatisfy((count) => count >= 2) }]);
  expect(await ledgerOf(shop, owner.workspaceId)).toEqual(['pro', 7_500, 0]);
  const { rows } = await db.owner.pool.query('select payment_id as id from billing_payment');
  stripe.refund(stripe.intentOf(rows[0].id), 7_500);
  waiting.splice(0);
  clock.ms += 3_600_000;
  expect(await compare(shop)).toMatchObject([{ drifted: 1 }]);
  expect(await ledgerOf(shop, owner.workspaceId)).toEqual(['pro', 7_500, 7_500]);
  expect(await compare(shop)).toMatchObject([{ drifted: 0 }]);
});

test('a delivery of the live mode, an old one and a forged one are refused in a shop of the test mode', async () => {
  const shop = await aShopByStripe();
  const { stripe, waiting, clock, deliver } = shop;
  stripe.pay((await shop.bill('POST', '/credit-packs', { pack: 'pack_1000' })).body.url);
  const [delivery] = waiting;
  const codeOf = async (changed: Parameters<typeof deliver>[0]) => (await deliver(changed)).json().code;
  expect(await codeOf({ ...delivery!, body: Buffer.from('{}') })).toBe('webhook_not_verified');
  expect(await codeOf(stripe.sign(delivery!.body.toString().replace('"livemode":false', '"livemode":true')))).toBe(
    'webhook_refused',
  );
  clock.ms += 301_000;
  expect(await codeOf(delivery!)).toBe('webhook_not_verified');
});

test('with two providers an old subscription stays and renews where it was bought, and new ones are sold by the first', async () => {
  const before = await aShop(Date.UTC(2026, 3, 1, 9));
  const checkout = await before.bill('POST', '/checkout', starter);
  await before.sandbox(`${checkout.body.url}/pay`, { card: 'paid' });
  await before.settle();
  const shop = await aStripeShop(before.db, before.clock, before.payments);
  const oldBill = billBy(shop.api, before.owner);
  const plansAndGrants = async () => [
    await ledgerOf(shop, before.owner.workspaceId),
    await ledgerOf(shop, shop.owner.workspaceId),
  ];

  await buy(shop, '/checkout', pro);
  expect((await shop.bill('GET', '')).body).toMatchObject({ provider: 'stripe', subscription: { provider: 'stripe' } });
  expect((await oldBill('GET', '')).body.subscription).toMatchObject({ provider: 'sandbox', product: 'starter' });
  expect((await oldBill('POST', '/checkout', pro)).body.code).toBe('already_subscribed');
  expect(await plansAndGrants()).toEqual([
    ['starter', 2_500, 0],
    ['pro', 7_500, 0],
  ]);

  await before.advance(30 * day + 3_600_000);
  const { rows } = await shop.db.owner.pool.query(
    "select subscription_id as id from billing_subscription where provider = 'stripe'",
  );
  shop.stripe.renew(rows[0].id);
  await before.settle();
  await shop.settle();
  expect(await plansAndGrants(), 'both renewed').toEqual([
    ['starter', 5_000, 0],
    ['pro', 15_000, 0],
  ]);

  expect((await oldBill('POST', '/change', pro)).status, 'changed where it was bought').toBe(200);
  const pack = await oldBill('POST', '/credit-packs', { pack: 'pack_1000' });
  expect(pack.body.url, 'sold by the first').toContain(shop.stripe.url);
  shop.stripe.pay(pack.body.url);
  await shop.settle();
  await before.settle();
  await applyInbox(shop);
  const [[plan, granted]] = (await plansAndGrants()) as [[string, number]];
  expect(plan).toBe('pro');
  expect(granted).toBeGreaterThan(5_000 + 1_000 + 4_900);
  const reports = await compare(shop);
  expect(reports.map(({ provider, drifted, failed }) => [provider, drifted, failed])).toEqual([
    ['stripe', 0, 0],
    ['sandbox', 0, 0],
  ]);
});
