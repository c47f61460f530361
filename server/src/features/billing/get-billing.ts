import { planItem, type SubscriptionItemId } from '@pingvas/domain';
import { type Actor, permit } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import type { Billing } from './billing.schemas.ts';
import type { BillingDeps } from './deps.ts';
import { type LiveSubscription, liveSubscription, selectPlanChange, selectSubscriptions } from './find-subscription.ts';

/** What a workspace pays for. Three queries. Throws `role_not_allowed`. */
export async function getBilling({ db, payments, clock }: BillingDeps, actor: Actor): Promise<Billing> {
  permit(actor, 'manage_billing');
  const { workspaceId } = actor;
  const nowMs = clock.nowMs();
  const now = new Date(nowMs);
  const [subscriptions, changes, contracts, workspaces] = await Promise.all([
    readTenant(db, workspaceId, (query) => selectSubscriptions(query, workspaceId)),
    readTenant(db, workspaceId, (query) => selectPlanChange(query, workspaceId)),
    readTenant(db, workspaceId, (query) =>
      query
        .selectFrom('enterprise_contract')
        .select('ends_at')
        .where('workspace_id', '=', workspaceId)
        .where('starts_at', '<=', now)
        .where('ends_at', '>', now),
    ),
    readTenant(db, workspaceId, (query) =>
      query.selectFrom('workspace').select('plan').where('workspace_id', '=', workspaceId),
    ),
  ]);
  const live = liveSubscription(subscriptions, nowMs);
  const [change] = changes;
  return {
    // Not the actor's: what is known at the door may be a second old, and a buyer comes back from the checkout just now.
    plan: (workspaces[0]?.plan ?? actor.plan) as Billing['plan'],
    provider: [...payments.keys()][0] ?? null,
    subscription: live ? subscriptionView(live) : null,
    pending_change: change
      ? {
          ...productView(change.item_id as SubscriptionItemId),
          kind: change.kind as 'upgrade' | 'downgrade',
          effective_at: change.effective_at.toISOString(),
        }
      : null,
    contract: contracts[0] ? { ends_at: contracts[0].ends_at.toISOString() } : null,
  };
}

/** An item as callers name it. */
function productView(item: SubscriptionItemId) {
  const { plan, interval } = planItem(item);
  return { product: plan, interval };
}

function subscriptionView(row: LiveSubscription): NonNullable<Billing['subscription']> {
  return {
    provider: row.provider,
    ...productView(row.item_id),
    status: row.status as NonNullable<Billing['subscription']>['status'],
    cancelled: row.cancelled,
    started_at: row.created_at.toISOString(),
    renews_at: row.renews_at?.toISOString() ?? null,
    ends_at: row.ends_at?.toISOString() ?? null,
    pause:
      row.pause_mode === null
        ? null
        : { mode: row.pause_mode as 'void' | 'free', resumes_at: row.pause_resumes_at?.toISOString() ?? null },
    card:
      row.card_brand === null || row.card_last_four === null
        ? null
        : { brand: row.card_brand, last_four: row.card_last_four },
  };
}
