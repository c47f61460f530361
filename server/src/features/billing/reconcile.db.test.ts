import { describe, expect } from 'vitest';
import { PaymentProviderError } from '#adapters/payments/port.ts';
import { test } from '#test/app.ts';
import { aShop, type Shop } from '#test/shop.ts';
import { reconcile, type ReconcileReport } from './reconcile.ts';
import { replayDeliveries, replayInbox } from './replay-webhooks.ts';

const depsOf = ({ db, payments, clock }: Shop) => ({ db: db.app, payments, clock });

/** A subscription and a pack; then a renewal, a failed and recovered payment and a refund, of whose deliveries the share `drop` is lost. */
async function live(shop: Shop, drop: number): Promise<void> {
  const buy = async (path: string, what: object): Promise<void> => {
    const { body } = await shop.bill('POST', path, what);
    await shop.sandbox(`${body.url}/pay`, { card: 'paid' });
    await shop.settle();
  };
  await buy('/checkout', { product: 'starter', interval: 'month' });
  await buy('/credit-packs', { pack: 'pack_5000' });
  const ids: string[] = [];
  const sold = shop.payments.get('sandbox')!.listSubscriptions({ updatedSince: new Date(0) });
  for await (const subscription of sold) ids.push(subscription.id);
  const [id] = ids;
  await shop.sandbox('/control/faults', { drop });
  await shop.advance(31 * 86_400_000);
  await shop.settle();
  await shop.sandbox(`/control/subscriptions/${id}/fail`, {});
  await shop.sandbox(`/control/subscriptions/${id}/recover`, {});
  await shop.sandbox(`/control/subscriptions/${id}/refund`, { amount_cents: 1_000 });
  await shop.settle();
  await shop.advance(3_600_000);
}

async function run(shop: Shop): Promise<ReconcileReport[]> {
  const reports: ReconcileReport[] = [];
  await reconcile(depsOf(shop), (report) => reports.push(report));
  return reports;
}

/** Everything that money did, without the ids and instants of this run. */
async function ledgerOf({ db, owner }: Shop) {
  const { rows } = await db.owner.pool.query(
    `select w.plan, a.balance, (select json_agg(json_build_array(b.kind, b.part, b.granted, b.back_wanted, b.back_taken)
       order by b.kind, b.granted, b.part, b.back_wanted) from billing_grant b where b.workspace_id = $1) as grants
     from workspace w join credit_account a using (workspace_id) where workspace_id = $1`,
    [owner.workspaceId],
  );
  return rows[0];
}

const driftOf = async ({ db }: Shop) =>
  (await db.admin.pool.query('select kind, before, after from billing_drift order by found_at, kind')).rows;

describe('reconcile', () => {
  test('when every delivery after the purchases was lost, one comparison ends in the ledger of a world that lost none, and says what differed', async () => {
    const [lucky, unlucky] = [await aShop(), await aShop()];
    await live(lucky, 0);
    await live(unlucky, 1);
    expect(await ledgerOf(unlucky), 'nothing had arrived').not.toEqual(await ledgerOf(lucky));
    expect(await run(unlucky)).toEqual([expect.objectContaining({ provider: 'sandbox', failed: 0 })]);
    expect(await ledgerOf(unlucky)).toEqual(await ledgerOf(lucky));
    expect((await driftOf(unlucky)).map(({ kind, before }) => [kind, before])).toContainEqual(['invoice', null]);
    const found = (await driftOf(unlucky)).length;
    expect(await run(unlucky)).toEqual([expect.objectContaining({ drifted: 0, failed: 0 })]);
    expect(await driftOf(unlucky), 'the second run finds nothing more').toHaveLength(found);
    await run(lucky);
    expect(await driftOf(lucky), 'nothing was lost, so nothing had drifted').toEqual([]);
  });

  test('a list that breaks off keeps what was compared before it, and the next run goes on there', async () => {
    const shop = await aShop();
    await live(shop, 1);
    const provider = shop.payments.get('sandbox')!;
    const since: Date[] = [];
    const broken = {
      ...provider,
      listSubscriptions: (request: { updatedSince: Date }) => {
        since.push(request.updatedSince);
        return provider.listSubscriptions(request);
      },
      listInvoices: () => {
        throw new PaymentProviderError('unavailable', 'no answer');
      },
    };
    const deps = { ...depsOf(shop), payments: new Map([['sandbox' as const, broken]]) };
    await expect(reconcile(deps)).rejects.toThrow('could not be compared');
    await expect(reconcile(deps)).rejects.toThrow('could not be compared');
    expect(since[0]).toEqual(new Date(0));
    expect(since[1]!.getTime()).toBeGreaterThan(shop.clock.nowMs() - 7 * 3_600_000);
    const invoices = async () => (await driftOf(shop)).filter(({ kind }) => kind === 'invoice').length;
    expect(await invoices()).toBe(0);
    await run(shop);
    expect(await invoices()).toBeGreaterThan(0);
  });

  test('a purchase of which no delivery arrived is nobody’s: it is reported, and nothing is granted', async () => {
    const shop = await aShop();
    await shop.sandbox('/control/faults', { drop: 1 });
    const { body } = await shop.bill('POST', '/checkout', { product: 'pro', interval: 'month' });
    await shop.sandbox(`${body.url}/pay`, { card: 'paid' });
    const [report] = await run(shop);
    expect(report?.passedOver['no_workspace']).toBeGreaterThan(0);
    expect(await ledgerOf(shop)).toMatchObject({ plan: 'free', grants: null });
  });
});

describe('replay', () => {
  test('of the inbox, and of a file of verified deliveries, changes nothing that was applied; a forged line is refused', async () => {
    const shop = await aShop();
    await live(shop, 0);
    const before = await ledgerOf(shop);
    const outcomes = await replayInbox(depsOf(shop), shop.db.admin, new Date(0));
    expect(outcomes['applied']).toBeGreaterThan(5);
    expect(outcomes['failed']).toBeUndefined();
    const lines = ['{"provider":"sandbox","headers":{"x-signature":"00"},"body":"{}"}', 'no JSON', ''];
    expect(await replayDeliveries(depsOf(shop), lines)).toEqual({ not_verified: 1, unreadable: 1 });
    expect(await ledgerOf(shop)).toEqual(before);
  });
});
