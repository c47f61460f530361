import { planItem, planOrder, serviceOf, type SubscriptionItemId, type SubscriptionState } from '@pingvas/domain';
import type { ProviderName } from '#adapters/payments/port.ts';
import type { Database } from '#platform/db/database.ts';
import { type TenantQuery, withTenant } from '#platform/db/tenant.ts';
import type { BillingRows } from './billing.queries.ts';

type Row = BillingRows['subscriptions'][number];
export type LiveSubscription = Row & { item_id: SubscriptionItemId; provider: ProviderName };

/** A row as the rules of the domain see it. */
export function stateOf(row: Row): SubscriptionState {
  return {
    item: row.item_id as SubscriptionItemId,
    status: row.status as SubscriptionState['status'],
    cancelled: row.cancelled,
    pause: row.pause_mode as SubscriptionState['pause'],
    createdMs: row.created_at.getTime(),
    endsMs: row.ends_at?.getTime() ?? null,
  };
}

/** The subscription of a workspace that is not over, or undefined; of several the one whose plan is in force. */
export function liveSubscription(rows: readonly Row[], nowMs: number): LiveSubscription | undefined {
  const rank = (row: Row): number =>
    (serviceOf(stateOf(row), nowMs) === 'serving' ? 100 : 0) +
    planOrder.indexOf(planItem(row.item_id as SubscriptionItemId).plan);
  return rows
    .filter((row) => serviceOf(stateOf(row), nowMs) !== 'over')
    .sort((a, b) => rank(b) - rank(a) || a.created_at.getTime() - b.created_at.getTime())[0] as
    LiveSubscription | undefined;
}

/** All subscriptions that a workspace has or had. */
export const selectSubscriptions = (query: TenantQuery, workspaceId: string) =>
  query.selectFrom('billing_subscription').selectAll().where('workspace_id', '=', workspaceId);

/** The change that waits, if any. */
export const selectPlanChange = (query: TenantQuery, workspaceId: string) =>
  query.selectFrom('plan_change').selectAll().where('workspace_id', '=', workspaceId);

/** Drops the change that waits, if any. */
export async function forgetPlanChange(db: Database, workspaceId: string): Promise<void> {
  await withTenant(db, workspaceId, (tx) =>
    tx.deleteFrom('plan_change').where('workspace_id', '=', workspaceId).execute(),
  );
}
