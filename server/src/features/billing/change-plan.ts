import { randomUUID } from 'node:crypto';
import { catalogueCurrency, downgradeLeadMs, previewChange, subscriptionItem } from '@pingvas/domain';
import type { z } from 'zod';
import type { Actor } from '#platform/actor.ts';
import { readTenant, withTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import type { Billing, ChangePreviewView, ProductChoice } from './billing.schemas.ts';
import type { BillingDeps } from './deps.ts';
import { forgetPlanChange, type LiveSubscription, selectPlanChange } from './find-subscription.ts';
import { getBilling } from './get-billing.ts';
import { getOwnSubscription } from './own-subscription.ts';
import { sendPlanChange } from './send-plan-change.ts';

/** What a change would cost and bring. Throws `same_product`, and what `getOwnSubscription` throws. */
export async function previewPlanChange(
  deps: BillingDeps,
  actor: Actor,
  choice: ProductChoice,
): Promise<z.output<typeof ChangePreviewView>> {
  const { subscription } = await getOwnSubscription(deps, actor);
  const { kind, effectiveMs, dueNowCents, creditsNow, creditsPerMonth } = preview(deps, subscription, choice);
  return {
    kind,
    ...choice,
    effective_at: new Date(effectiveMs).toISOString(),
    due_now_cents: dueNowCents,
    currency: catalogueCurrency,
    credits_now: creditsNow / 1_000,
    credits_per_month: creditsPerMonth / 1_000,
  };
}

/**
 * Changes the product: an upgrade at the provider at once, a downgrade kept until shortly before the period's end. Throws `same_product`, `plan_change_pending`,
 * `no_subscription` for one that was cancelled, and what providers throw; then nothing waits.
 */
export async function changePlan(deps: BillingDeps, actor: Actor, choice: ProductChoice): Promise<Billing> {
  const { subscription } = await getOwnSubscription(deps, actor);
  const { kind, effectiveMs } = preview(deps, subscription, choice);
  if (subscription.cancelled) throw new AppError('no_subscription');
  if (await hasUnpaidUpgrade(deps, subscription)) throw new AppError('plan_change_pending');
  const { workspaceId } = actor;
  const nowMs = deps.clock.nowMs();
  const sendMs = kind === 'upgrade' ? nowMs : Math.max(nowMs, effectiveMs - downgradeLeadMs);
  const kept = await withTenant(deps.db, workspaceId, (tx) =>
    tx
      .insertInto('plan_change')
      .values({
        workspace_id: workspaceId,
        plan_change_id: randomUUID(),
        provider: subscription.provider,
        subscription_id: subscription.subscription_id,
        item_id: subscriptionItem(choice.product, choice.interval),
        kind,
        effective_at: new Date(effectiveMs),
        // The chore looks at an upgrade only if this process is gone by then.
        send_at: new Date(kind === 'upgrade' ? nowMs + sendingMs : sendMs),
      })
      .onConflict((conflict) => conflict.column('workspace_id').doNothing())
      .returningAll()
      .executeTakeFirst(),
  );
  if (!kept) throw new AppError('plan_change_pending');
  if (kind === 'upgrade') {
    try {
      await sendPlanChange(deps, kept);
    } catch (error) {
      await forgetPlanChange(deps.db, workspaceId);
      throw error;
    }
  }
  return getBilling(deps, actor);
}

/** Takes a downgrade back that has not been sent. Nothing when none waits. Throws what `getOwnSubscription` throws. */
export async function withdrawPlanChange(deps: BillingDeps, actor: Actor): Promise<Billing> {
  await getOwnSubscription(deps, actor);
  const [waiting] = await readTenant(deps.db, actor.workspaceId, (query) => selectPlanChange(query, actor.workspaceId));
  if (waiting?.kind === 'downgrade') await forgetPlanChange(deps.db, actor.workspaceId);
  return getBilling(deps, actor);
}

/** Longer than any call to a provider takes with its tries. */
const sendingMs = 120_000;

function preview({ clock }: BillingDeps, subscription: LiveSubscription, { product, interval }: ProductChoice) {
  const wanted = subscriptionItem(product, interval);
  const change = previewChange(subscription.item_id, wanted, subscription.created_at.getTime(), clock.nowMs());
  if (change.kind === 'same') throw new AppError('same_product');
  return { ...change, kind: change.kind };
}

/** An upgrade whose difference is not paid yet is still on its way. */
async function hasUnpaidUpgrade({ db }: BillingDeps, subscription: LiveSubscription): Promise<boolean> {
  const rows = await readTenant(db, subscription.workspace_id, (query) =>
    query
      .selectFrom('billing_payment')
      .select('payment_id')
      .where('workspace_id', '=', subscription.workspace_id)
      .where('provider', '=', subscription.provider)
      .where('subscription_id', '=', subscription.subscription_id)
      .where('reason', '=', 'updated')
      .where('status', '=', 'pending')
      .limit(1),
  );
  return rows.length > 0;
}
