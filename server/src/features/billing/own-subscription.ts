import type { PaymentProvider } from '#adapters/payments/port.ts';
import { type Actor, permit } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import type { BillingDeps } from './deps.ts';
import { type LiveSubscription, liveSubscription, selectSubscriptions } from './find-subscription.ts';

/**
 * The caller's subscription that is not over, and the provider that holds it. Throws `role_not_allowed`, `no_subscription`, and `payments_not_offered` when its
 * provider is configured no more.
 */
export async function getOwnSubscription(
  { db, payments, clock }: BillingDeps,
  actor: Pick<Actor, 'workspaceId' | 'role'>,
): Promise<{ subscription: LiveSubscription; provider: PaymentProvider }> {
  permit(actor, 'manage_billing');
  const rows = await readTenant(db, actor.workspaceId, (query) => selectSubscriptions(query, actor.workspaceId));
  const subscription = liveSubscription(rows, clock.nowMs());
  if (!subscription) throw new AppError('no_subscription');
  const provider = payments.get(subscription.provider);
  if (!provider) throw new AppError('payments_not_offered');
  return { subscription, provider };
}
