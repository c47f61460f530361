import {
  type ItemId,
  packCredits,
  type Payment,
  type PaymentCredits,
  periodAt,
  planInForce,
  planItem,
  serviceOf,
  subscriptionCredits,
} from '@pingvas/domain';
import { sql } from 'kysely';
import type { TenantTx } from '#platform/db/tenant.ts';
import { type BillingRows, loadBilling } from './billing.queries.ts';
import { stateOf } from './find-subscription.ts';

type PaymentRow = BillingRows['payments'][number];

/** An invoice may be made a moment before the change it is for shows in the subscription. */
const slackMs = 5 * 60_000;

/**
 * Brings plan and credits of a workspace to what follows from its subscriptions, payments, disputes and contracts at `nowMs`. It computes from states alone,
 * so it may run at any time and any number of times. The caller holds the lock of its billing.
 */
export async function settleWorkspace(tx: TenantTx, workspaceId: string, nowMs: number): Promise<void> {
  const rows = await loadBilling(tx, workspaceId);
  const subscriptions = rows.subscriptions.map((row) => ({ row, state: stateOf(row) }));
  const contracts = rows.contracts.map((row) => ({ startsMs: row.starts_at.getTime(), endsMs: row.ends_at.getTime() }));
  const inForce = planInForce(
    subscriptions.map(({ state }) => state),
    contracts,
    nowMs,
  );
  const now = new Date(nowMs);
  if (inForce) {
    const moments = [
      ...contracts.flatMap(({ startsMs, endsMs }) => [startsMs, endsMs]),
      ...subscriptions.flatMap(({ state }) => [
        state.endsMs ?? 0,
        planItem(state.item).interval === 'year' ? periodAt(state.createdMs, nowMs).endMs : 0,
      ]),
    ].filter((atMs) => atMs > nowMs);
    const lookAgainAt = moments.length > 0 ? new Date(Math.min(...moments)) : null;
    await sql`select public.apply_plan(${workspaceId}, ${inForce.plan}, ${new Date(inForce.anchorMs)}, ${inForce.freeCredits},
      ${lookAgainAt}, ${now})`.execute(tx);
  }
  const due: { source: Pick<PaymentRow, 'provider' | 'kind'>; credits: PaymentCredits }[] = rows.payments
    .filter(({ kind }) => kind === 'order')
    .flatMap((row) =>
      paymentsOf([row], rows).flatMap((order) => packCredits(order).map((credits) => ({ source: row, credits }))),
    );
  for (const { row, state } of subscriptions) {
    const invoices = rows.payments.filter(
      (payment) => payment.provider === row.provider && payment.subscription_id === row.subscription_id,
    );
    const endMs = serviceOf(state, nowMs) === 'over' ? state.endsMs : null;
    for (const credits of subscriptionCredits(state.createdMs, paymentsOf(invoices, rows), nowMs, endMs))
      due.push({ source: { provider: row.provider, kind: 'invoice' }, credits });
  }
  const parts = due.map(({ source, credits }) => ({
    provider: source.provider,
    kind: source.kind,
    payment_id: credits.paymentId,
    part: credits.part,
    grant_kind: credits.kind,
    amount: credits.amount,
    effective_at: new Date(credits.effectiveMs),
    expires_at: credits.expiresMs === null ? null : new Date(credits.expiresMs),
    back: credits.backMilli,
    frozen: credits.frozen,
  }));
  const named = new Set(parts.map(nameOf));
  // A part that is due no more (the payment proved void or fraudulent) is owed back whole.
  const undone = rows.grants
    .filter((grant) => !named.has(nameOf(grant)))
    .map(({ provider, kind, payment_id, part }) => ({
      provider,
      kind,
      payment_id,
      part,
      amount: 0,
      back: 0,
      frozen: false,
    }));
  await sql`select public.apply_payment_credits(${workspaceId}, ${JSON.stringify([...parts, ...undone])}::jsonb, ${now})`.execute(
    tx,
  );
}

const nameOf = (part: { provider: string; kind: string; payment_id: string; part: string }): string =>
  JSON.stringify([part.provider, part.kind, part.payment_id, part.part]);

/** Payments as the rules see them; what is for nothing we sell is left out. */
function paymentsOf(payments: readonly PaymentRow[], rows: BillingRows): Payment[] {
  return payments.flatMap((row) => {
    const item = row.item_id ?? itemThen(row, rows);
    if (item === null) return [];
    const disputes = rows.disputes.filter(
      (each) => each.provider === row.provider && each.payment_kind === row.kind && each.payment_id === row.payment_id,
    );
    return [
      {
        id: row.payment_id,
        item: item as ItemId,
        reason: row.reason as Payment['reason'],
        status: row.status as Payment['status'],
        currency: row.currency,
        totalCents: row.total_cents,
        refundedCents: row.refunded_cents,
        createdMs: row.created_at.getTime(),
        dispute: disputes.some(({ status }) => status === 'lost')
          ? ('lost' as const)
          : disputes.some(({ status }) => status === 'open')
            ? ('open' as const)
            : null,
      },
    ];
  });
}

/** What the subscription was when the invoice was made, as far back as we know it. */
function itemThen(invoice: PaymentRow, { items }: BillingRows): string | null {
  const history = items.filter(
    (each) => each.provider === invoice.provider && each.subscription_id === invoice.subscription_id,
  );
  const then = history.findLast(({ since }) => since.getTime() <= invoice.created_at.getTime() + slackMs);
  return (then ?? history[0])?.item_id ?? null;
}
