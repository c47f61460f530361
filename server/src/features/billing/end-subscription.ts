import type { PaymentProvider, ProviderSubscription } from '#adapters/payments/port.ts';
import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import { applyObject } from './apply-object.ts';
import type { Billing } from './billing.schemas.ts';
import type { BillingDeps } from './deps.ts';
import { forgetPlanChange } from './find-subscription.ts';
import { getBilling } from './get-billing.ts';
import { findOwnSubscription, getOwnSubscription, type OwnSubscription } from './own-subscription.ts';
import { asked } from './payment-problems.ts';

/**
 * Ends the subscription with what is paid; a change that waits is dropped. Cancelling what is cancelled changes nothing. Throws what `getOwnSubscription` and
 * providers throw.
 */
export async function cancelSubscription(deps: BillingDeps, actor: Actor): Promise<Billing> {
  await end(deps, actor.workspaceId, await getOwnSubscription(deps, actor));
  return getBilling(deps, actor);
}

/** The same for a workspace that is about to be deleted, whoever asks; nothing when it has no subscription. Throws as above. */
export async function endSubscription(deps: BillingDeps, workspaceId: string): Promise<void> {
  const own = await findOwnSubscription(deps, workspaceId);
  if (own) await end(deps, workspaceId, own);
}

async function end(deps: BillingDeps, workspaceId: string, { subscription, provider }: OwnSubscription): Promise<void> {
  if (subscription.cancelled) return;
  await forgetPlanChange(deps.db, workspaceId);
  await apply(deps, provider, provider.cancel(subscription.subscription_id));
}

/** Takes a cancellation back before it takes effect; nothing when there is none. Throws `no_subscription` once it is over, and as above. */
export async function resumeSubscription(deps: BillingDeps, actor: Actor): Promise<Billing> {
  const { subscription, provider } = await getOwnSubscription(deps, actor);
  if (subscription.status === 'unpaid') throw new AppError('payment_refused');
  if (subscription.cancelled) await apply(deps, provider, provider.resume(subscription.subscription_id));
  return getBilling(deps, actor);
}

/** The answer is news like any other: the webhook that follows changes nothing more. */
async function apply(
  deps: BillingDeps,
  provider: PaymentProvider,
  answer: Promise<ProviderSubscription>,
): Promise<void> {
  await applyObject(deps, provider, { kind: 'subscription', subscription: await asked(answer) });
}
