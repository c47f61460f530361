import type { Actor } from '#platform/actor.ts';
import type { BillingDeps } from './deps.ts';
import { getOwnSubscription } from './own-subscription.ts';
import { asked } from './payment-problems.ts';

/** The provider's page for card, address and documents; short-lived, so asked for on each click. Throws what `getOwnSubscription` and providers throw. */
export async function openPortal(
  deps: BillingDeps & { publicUrl: string },
  actor: Actor,
): Promise<{ url: string; payment_method_url: string | null }> {
  const { subscription, provider } = await getOwnSubscription(deps, actor);
  const { url, paymentMethodUrl } = await asked(
    provider.portal({
      customerId: subscription.customer_id,
      subscriptionId: subscription.subscription_id,
      returnUrl: `${deps.publicUrl}/billing`,
    }),
  );
  return { url, payment_method_url: paymentMethodUrl };
}
