import type { PaymentProvider } from '#adapters/payments/port.ts';
import { type Actor, permit } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import type { BillingDeps } from './deps.ts';
import { type LiveSubscription, liveSubscription, selectSubscriptions } from './find-subscription.ts';

/** A workspace's subscription that is not over, and the provider that holds it. */
export type OwnSubscription = { subscription: LiveSubscription; provider: PaymentProvider };

/** The caller's. Throws `role_not_allowed`, `no_subscription`, and as `findOwnSubscription`. */
export async function getOwnSubscription(deps: BillingDeps, actor: Actor): Promise<OwnSubscription> {
  permit(actor, 'manage_billing');
  const own = await findOwnSubscription(deps, actor.workspaceId);
  if (!own) throw new AppError('no_subscription');
  return own;
}

/** The workspace's, whoever asks; null when there is none. Throws `payments_not_offered` when its provider is configured no more. */
export async function findOwnSubscription(
  { db, payments, clock }: BillingDeps,
  workspaceId: string,
): Promise<OwnSubscription | null> {
  const rows = await readTenant(db, workspaceId, (query) => selectSubscriptions(query, workspaceId));
  const subscription = liveSubscription(rows, clock.nowMs());
  if (!subscription) return null;
  const provider = payments.get(subscription.provider);
  if (!provider) throw new AppError('payments_not_offered');
  return { subscription, provider };
}
