import type { SubscriptionItemId } from '@pingvas/domain';
import { sql } from 'kysely';
import type { ProviderName } from '#adapters/payments/port.ts';
import { readTenant, withTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { applyObject } from './apply-object.ts';
import type { BillingDeps } from './deps.ts';
import { liveSubscription, selectPlanChange, selectSubscriptions } from './find-subscription.ts';
import { asked } from './payment-problems.ts';
import { findVariantOfItem } from './variants.ts';

type PlanChange = {
  workspace_id: string;
  plan_change_id: string;
  provider: string;
  subscription_id: string;
  item_id: string;
  kind: string;
  effective_at: Date;
  attempts: number;
};

/**
 * Tells the provider of a change, applies its answer and forgets the change. Twice is once: the change's id is the provider's idempotency key. Throws
 * `payments_not_offered`, `payment_refused`, `payments_unavailable`; the change stays.
 */
export async function sendPlanChange(deps: BillingDeps, change: PlanChange): Promise<void> {
  const provider = deps.payments.get(change.provider as ProviderName);
  const variantId = provider && (await findVariantOfItem(deps.db, provider, change.item_id as SubscriptionItemId));
  if (!provider || variantId == null) throw new AppError('payments_not_offered');
  const subscription = await asked(
    provider.change({
      subscriptionId: change.subscription_id,
      variantId,
      proration: change.kind === 'upgrade' ? 'invoice_now' : 'none',
      idempotencyKey: change.plan_change_id,
    }),
  );
  await applyObject(deps, provider, { kind: 'subscription', subscription });
  await forget(deps, change);
}

export type SendDeps = BillingDeps & {
  log: { error: (facts: object, message: string) => void };
  /** Counts sends that failed. */
  onFailed: () => void;
};

/** How long to wait after each failed send; the last one again and again. */
const againAfterMs = [60_000, 120_000, 300_000, 600_000];

/**
 * Sends the changes whose time has come, at most 100 a run; each that fails is tried again and told of, for the next period must not be charged at the old
 * price. A change of a subscription that has ended or was cancelled meanwhile is dropped.
 */
export async function sendPlanChanges(deps: SendDeps): Promise<void> {
  const now = new Date(deps.clock.nowMs());
  const { rows } = await sql<{ due: string }>`select public.plan_changes_due(${now}, 100) as due`.execute(
    deps.db.kysely,
  );
  for (const { due } of rows) {
    const [change] = await readTenant(deps.db, due, (query) => selectPlanChange(query, due));
    if (!change) continue;
    try {
      await sendOrDrop(deps, change, now.getTime());
    } catch (error) {
      deps.onFailed();
      deps.log.error(
        { err: error, workspace: due, attempts: change.attempts + 1, late: change.effective_at <= now },
        'a change of plan could not be sent; it is tried again',
      );
      const waitMs = againAfterMs[Math.min(change.attempts, againAfterMs.length - 1)] ?? 0;
      await withTenant(deps.db, due, (tx) =>
        tx
          .updateTable('plan_change')
          .set({ attempts: change.attempts + 1, send_at: new Date(now.getTime() + waitMs) })
          .where('plan_change_id', '=', change.plan_change_id)
          .execute(),
      );
    }
  }
}

async function sendOrDrop(deps: BillingDeps, change: PlanChange, nowMs: number): Promise<void> {
  const rows = await readTenant(deps.db, change.workspace_id, (query) =>
    selectSubscriptions(query, change.workspace_id).where('subscription_id', '=', change.subscription_id),
  );
  const live = liveSubscription(rows, nowMs);
  if (!live || live.cancelled || live.item_id === change.item_id) await forget(deps, change);
  else await sendPlanChange(deps, change);
}

async function forget({ db }: BillingDeps, change: PlanChange): Promise<void> {
  await withTenant(db, change.workspace_id, (tx) =>
    tx.deleteFrom('plan_change').where('plan_change_id', '=', change.plan_change_id).execute(),
  );
}
