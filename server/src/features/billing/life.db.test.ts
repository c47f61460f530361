import { expect } from 'vitest';
import { test } from '#test/app.ts';
import { aShop, type Shop } from '#test/shop.ts';
import { sendPlanChanges } from './send-plan-change.ts';
import { settleDue } from './settle-due.ts';

const pro = { product: 'pro', interval: 'month' };
const starter = { product: 'starter', interval: 'month' };

/** The plan, and what payments brought and refunds took back until now; in whole credits, for an upgrade brings fractions. */
async function ledgerOf({ db, owner }: Shop): Promise<[string, number, number]> {
  const { rows } = await db.owner.pool.query(
    `select w.plan, coalesce(sum(b.granted), 0)::float8 as granted, coalesce(sum(b.back_taken), 0)::float8 as back
     from workspace w left join billing_grant b using (workspace_id) where w.workspace_id = $1 group by w.plan`,
    [owner.workspaceId],
  );
  const [row] = rows;
  return [row.plan, Math.round(row.granted / 1_000), Math.round(row.back / 1_000)];
}

/** The buyer's and the provider's steps, each from what is known then. */
function stepsOf(shop: Shop) {
  const { db, payments, clock } = shop;
  const buy = async (path: string, what: object): Promise<void> => {
    const { body } = await shop.bill('POST', path, what);
    await shop.sandbox(`${body.url}/pay`, { card: 'paid' });
  };
  const control = async (step: string, how: object = {}): Promise<void> => {
    const { rows } = await db.owner.pool.query('select subscription_id as id from billing_subscription');
    await shop.sandbox(`/control/subscriptions/${rows[0].id}/${step}`, how);
  };
  const ask = async (path: string, what?: object): Promise<void> => {
    const { status, body } = await shop.bill('POST', path, what);
    expect(status, `${path} ${JSON.stringify(body)}`).toBe(200);
  };
  const send = () =>
    sendPlanChanges({ db: db.app, payments, clock, log: { error: () => undefined }, onFailed: () => undefined });
  return { buy, control, ask, send, wait: () => Promise.resolve() };
}

test('thirteen months of a subscription: after each step, plan and credits are those of a table made by hand', async () => {
  const shop = await aShop(Date.UTC(2026, 3, 1, 9));
  const { buy, control, ask, send, wait } = stepsOf(shop);
  // A cent buys a credit: starter brings 2,500 a month, pro 7,500. Hours are UTC; periods begin on the first at 9.
  const life: [at: string, step: () => Promise<void>, plan: string, granted: number, takenBack: number][] = [
    ['2026-04-01T09:00', () => buy('/checkout', starter), 'starter', 2_500, 0],
    ['2026-04-16T09:00', () => ask('/change', pro), 'pro', 5_000, 0], // half of the month is left: 5,000 / 2
    ['2026-05-01T10:00', wait, 'pro', 12_500, 0],
    ['2026-06-01T08:00', () => control('fail'), 'pro', 12_500, 0], // past due: keeps the plan, gets nothing
    ['2026-06-03T08:00', () => control('recover'), 'pro', 20_000, 0],
    ['2026-07-01T10:00', wait, 'pro', 27_500, 0],
    ['2026-07-10T10:00', () => control('pause', { mode: 'free' }), 'pro', 27_500, 0],
    ['2026-08-02T10:00', wait, 'pro', 27_500, 0], // nothing is charged
    ['2026-09-10T10:00', () => control('unpause'), 'pro', 27_500, 0],
    ['2026-10-01T10:00', wait, 'pro', 35_000, 0],
    ['2026-10-10T10:00', () => ask('/change', starter), 'pro', 35_000, 0], // waits for the end of what is paid
    ['2026-11-01T08:30', send, 'starter', 35_000, 0], // sent within the last hour
    ['2026-11-01T10:00', wait, 'starter', 37_500, 0],
    ['2026-11-15T10:00', () => buy('/credit-packs', { pack: 'pack_1000' }), 'starter', 38_500, 0],
    ['2026-11-20T10:00', () => control('refund', { amount_cents: 1_000 }), 'starter', 38_500, 1_000],
    ['2026-12-01T10:00', wait, 'starter', 41_000, 1_000],
    ['2027-01-01T10:00', wait, 'starter', 43_500, 1_000],
    ['2027-02-01T10:00', wait, 'starter', 46_000, 1_000],
    ['2027-03-01T10:00', wait, 'starter', 48_500, 1_000],
    ['2027-03-10T10:00', () => ask('/cancel'), 'starter', 48_500, 1_000],
    ['2027-03-20T10:00', () => ask('/resume'), 'starter', 48_500, 1_000],
    ['2027-04-01T10:00', wait, 'starter', 51_000, 1_000],
    ['2027-04-10T10:00', () => ask('/cancel'), 'starter', 51_000, 1_000],
    ['2027-05-01T10:00', wait, 'free', 51_000, 1_000],
  ];
  for (const [at, step, ...ledger] of life) {
    const ms = Date.parse(`${at}:00Z`) - shop.clock.nowMs();
    if (ms > 0) await shop.advance(Math.ceil(ms / 1_000) * 1_000);
    await shop.settle();
    await step();
    await shop.settle();
    await settleDue({ db: shop.db.app, clock: shop.clock });
    expect(await ledgerOf(shop), at).toEqual(ledger);
  }
  expect((await shop.bill('GET', '')).body).toMatchObject({ plan: 'free', subscription: null });
  expect(shop.clock.nowMs() - Date.UTC(2026, 3, 1, 9)).toBeGreaterThan(395 * 86_400_000);
}, 60_000);
