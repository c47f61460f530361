import { sql } from 'kysely';
import type {
  ProviderDispute,
  ProviderInvoice,
  ProviderName,
  ProviderOrder,
  ProviderSubscription,
} from '#adapters/payments/port.ts';
import type { TenantTx } from '#platform/db/tenant.ts';

type Place = { provider: ProviderName; workspaceId: string };
type PaymentSnapshot =
  ({ kind: 'invoice' } & ProviderInvoice) | ({ kind: 'order'; reason: 'order'; subscriptionId: null } & ProviderOrder);

/** One at a time in a workspace: what follows is computed from all that is known. */
export async function lockBilling(tx: TenantTx, workspaceId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`billing ${workspaceId}`}, 0))`.execute(tx);
}

/** Keeps a subscription's newest state, and from when on it was this item. */
export async function keepSubscription(
  tx: TenantTx,
  place: Place,
  snapshot: ProviderSubscription,
  itemId: string,
): Promise<void> {
  const { provider, workspaceId: workspace_id } = place;
  const key = { provider, subscription_id: snapshot.id };
  const state = {
    item_id: itemId,
    status: snapshot.status,
    cancelled: snapshot.cancelled,
    pause_mode: snapshot.pause?.mode ?? null,
    pause_resumes_at: snapshot.pause?.resumesAt ?? null,
    renews_at: snapshot.renewsAt,
    ends_at: snapshot.endsAt,
    card_brand: snapshot.card?.brand ?? null,
    card_last_four: snapshot.card?.lastFour ?? null,
    updated_at: snapshot.updatedAt,
  };
  await tx
    .insertInto('billing_subscription')
    .values({ ...key, workspace_id, customer_id: snapshot.customerId, created_at: snapshot.createdAt, ...state })
    .onConflict((conflict) =>
      conflict
        .columns(['provider', 'subscription_id'])
        .doUpdateSet(state)
        .whereRef('billing_subscription.updated_at', '<=', sql.ref('excluded.updated_at')),
    )
    .execute();
  await tx
    .insertInto('billing_subscription_item')
    .values({ ...key, workspace_id, since: snapshot.updatedAt, item_id: itemId })
    .onConflict((conflict) => conflict.columns(['provider', 'subscription_id', 'since']).doNothing())
    .execute();
}

/** Keeps a payment's newest state. What was refunded never becomes less; at the same instant news is not undone by a state from before the payment. */
export async function keepPayment(
  tx: TenantTx,
  place: Place,
  payment: PaymentSnapshot,
  itemId: string | null,
): Promise<void> {
  const key = { provider: place.provider, kind: payment.kind, payment_id: payment.id };
  const state = { status: payment.status, total_cents: payment.totalCents, updated_at: payment.updatedAt };
  await tx
    .insertInto('billing_payment')
    .values({
      ...key,
      ...state,
      workspace_id: place.workspaceId,
      subscription_id: payment.subscriptionId,
      customer_id: payment.customerId,
      item_id: itemId,
      reason: payment.reason,
      currency: payment.currency,
      refunded_cents: payment.refundedCents,
      created_at: payment.createdAt,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['provider', 'kind', 'payment_id'])
        .doUpdateSet({
          ...state,
          refunded_cents: sql<number>`greatest(billing_payment.refunded_cents, excluded.refunded_cents)`,
        })
        .where(
          sql<boolean>`excluded.updated_at > billing_payment.updated_at
            or excluded.updated_at = billing_payment.updated_at and excluded.status <> 'pending'
              and excluded.refunded_cents >= billing_payment.refunded_cents`,
        ),
    )
    .execute();
}

/** Keeps a dispute's newest state. */
export async function keepDispute(
  tx: TenantTx,
  { provider, workspaceId }: Place,
  dispute: ProviderDispute,
): Promise<void> {
  const state = { status: dispute.status, updated_at: dispute.updatedAt };
  await tx
    .insertInto('billing_dispute')
    .values({
      provider,
      dispute_id: dispute.id,
      workspace_id: workspaceId,
      payment_kind: dispute.payment.kind,
      payment_id: dispute.payment.id,
      currency: dispute.currency,
      amount_cents: dispute.amountCents,
      created_at: dispute.createdAt,
      ...state,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['provider', 'dispute_id'])
        .doUpdateSet(state)
        .whereRef('billing_dispute.updated_at', '<=', sql.ref('excluded.updated_at')),
    )
    .execute();
}

/** Everything billing knows of a workspace. */
export async function loadBilling(tx: TenantTx, workspaceId: string) {
  return {
    subscriptions: await tx
      .selectFrom('billing_subscription')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .execute(),
    items: await tx
      .selectFrom('billing_subscription_item')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .orderBy('since')
      .execute(),
    payments: await tx.selectFrom('billing_payment').selectAll().where('workspace_id', '=', workspaceId).execute(),
    disputes: await tx.selectFrom('billing_dispute').selectAll().where('workspace_id', '=', workspaceId).execute(),
    grants: await tx.selectFrom('billing_grant').selectAll().where('workspace_id', '=', workspaceId).execute(),
    contracts: await tx.selectFrom('enterprise_contract').selectAll().where('workspace_id', '=', workspaceId).execute(),
  };
}

export type BillingRows = Awaited<ReturnType<typeof loadBilling>>;
