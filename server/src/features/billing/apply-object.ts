import { sql } from 'kysely';
import { findItem, type ItemId, type SubscriptionItemId } from '@pingvas/domain';
import type { PaymentProvider, ProviderName, ProviderObject } from '#adapters/payments/port.ts';
import type { Database } from '#platform/db/database.ts';
import { withTenant } from '#platform/db/tenant.ts';
import { isId } from '#platform/http/schemas.ts';
import { keepDispute, keepPayment, keepSubscription, lockBilling } from './billing.queries.ts';
import type { BillingDeps } from './deps.ts';
import { keepDrift, readFacts } from './keep-drift.ts';
import { settleWorkspace } from './settle-workspace.ts';
import { findItemOfVariant } from './variants.ts';

/** `applied`, or why nothing was granted. */
export type Outcome = 'applied' | 'wrong_mode' | 'no_workspace' | 'no_subscription' | 'no_payment' | 'unknown_item';

type Options = { onDrift?: () => void };

/** News this young may still be on its way to us by a delivery and its repetitions (155 s at Lemon Squeezy): it has not drifted. */
const onItsWayMs = 10 * 60_000;

/**
 * Takes one snapshot of a provider's object in and brings the workspace to what follows from all that is known: in one transaction, in any order, any number
 * of times. What the snapshot refers to and we have not seen is fetched from the provider. With `onDrift` what it changed is written down for the operator,
 * and `onDrift` is called for each object that was not as we had it.
 */
export async function applyObject(
  deps: BillingDeps,
  provider: PaymentProvider,
  object: ProviderObject,
  options: Options = {},
): Promise<Outcome> {
  const snapshot = snapshotOf(object);
  if (snapshot.testMode !== provider.testMode) return 'wrong_mode';
  const healed = await heal(deps, provider, object, options);
  if (healed !== null) return healed;
  const workspaceId = await findWorkspace(deps, provider, object);
  if (workspaceId === null) return 'no_workspace';
  const variantId = 'variantId' in snapshot ? snapshot.variantId : null;
  const itemId = variantId === null ? null : await findItemOfVariant(deps.db, provider, variantId);
  if (object.kind === 'subscription' && !isPlan(itemId)) return 'unknown_item';
  const watched = options.onDrift !== undefined && deps.clock.nowMs() - snapshot.updatedAt.getTime() >= onItsWayMs;
  const drifted = await withTenant(deps.db, workspaceId, async (tx) => {
    await lockBilling(tx, workspaceId);
    const place = { provider: provider.name, workspaceId };
    const before = watched ? await readFacts(tx, place, object) : null;
    if (object.kind === 'subscription' && isPlan(itemId))
      await keepSubscription(tx, place, object.subscription, itemId);
    if (object.kind === 'invoice') await keepPayment(tx, place, { kind: 'invoice', ...object.invoice }, itemId);
    if (object.kind === 'order')
      await keepPayment(tx, place, { kind: 'order', reason: 'order', subscriptionId: null, ...object.order }, itemId);
    if (object.kind === 'dispute') await keepDispute(tx, place, object.dispute);
    await settleWorkspace(tx, workspaceId, deps.clock.nowMs());
    if (!watched) return false;
    const after = await readFacts(tx, place, object);
    return keepDrift(tx, deps, { ...place, kind: object.kind, objectId: snapshot.id, before, after });
  });
  if (drifted) options.onDrift?.();
  return 'applied';
}

const isPlan = (id: ItemId | null): id is SubscriptionItemId => id !== null && findItem(id)?.kind === 'plan';

function snapshotOf(object: ProviderObject) {
  switch (object.kind) {
    case 'subscription':
      return object.subscription;
    case 'invoice':
      return object.invoice;
    case 'order':
      return object.order;
    case 'dispute':
      return object.dispute;
  }
}

/** The workspace of an object: what we know of its subscription or payment, else what its checkout carried. */
async function findWorkspace(
  { db }: BillingDeps,
  { name }: PaymentProvider,
  object: ProviderObject,
): Promise<string | null> {
  const { id, workspaceId: claimed } = snapshotOf(object);
  const subscription =
    object.kind === 'subscription' ? id : object.kind === 'invoice' ? object.invoice.subscriptionId : null;
  const payment = object.kind === 'dispute' ? object.dispute.payment : { kind: object.kind, id };
  const known = claimed !== null && isId(claimed) ? claimed : null;
  return workspaceOf(db, name, { subscription, payment, claimed: known });
}

type Traces = { subscription?: string | null; payment?: { kind: string; id: string }; claimed?: string | null };

/** Whose something is, by what is known of it; null: nobody's. */
async function workspaceOf(
  db: Database,
  provider: ProviderName,
  { subscription = null, payment, claimed = null }: Traces,
): Promise<string | null> {
  const { rows } = await sql<{
    found: string | null;
  }>`select public.billing_workspace(${provider}, ${subscription}, ${payment?.kind ?? null}, ${payment?.id ?? null}, ${claimed}::uuid) as found`.execute(
    db.kysely,
  );
  return rows[0]?.found ?? null;
}

/**
 * Applies first what this object needs and we lack. Null when nothing is missing (any more). Lemon Squeezy repeats the checkout's workspace in every delivery
 * but not in its API: what is fetched inherits it from what asked for it.
 */
async function heal(
  deps: BillingDeps,
  provider: PaymentProvider,
  object: ProviderObject,
  options: Options,
): Promise<Outcome | null> {
  if (object.kind === 'invoice') {
    const { subscriptionId: id } = object.invoice;
    if (await workspaceOf(deps.db, provider.name, { subscription: id })) return null;
    const subscription = await provider.fetchSubscription(id);
    if (!subscription) return 'no_subscription';
    const outcome = await applyObject(
      deps,
      provider,
      {
        kind: 'subscription',
        subscription: { ...subscription, workspaceId: subscription.workspaceId ?? object.invoice.workspaceId },
      },
      options,
    );
    return outcome === 'applied' ? null : outcome;
  }
  if (object.kind !== 'dispute') return null;
  const { workspaceId } = object.dispute;
  const { kind, id } = object.dispute.payment;
  if (await workspaceOf(deps.db, provider.name, { payment: { kind, id } })) return null;
  const invoice = kind === 'invoice' ? await provider.fetchInvoice(id) : null;
  const order = kind === 'order' ? await provider.fetchOrder(id) : null;
  const payment: ProviderObject | null = invoice
    ? { kind: 'invoice', invoice: { ...invoice, workspaceId: invoice.workspaceId ?? workspaceId } }
    : order
      ? { kind: 'order', order: { ...order, workspaceId: order.workspaceId ?? workspaceId } }
      : null;
  if (!payment) return 'no_payment';
  const outcome = await applyObject(deps, provider, payment, options);
  return outcome === 'applied' ? null : outcome;
}
