import { type ItemId, subscriptionItem } from '@pingvas/domain';
import type { PaymentProvider } from '#adapters/payments/port.ts';
import { type Actor, permit } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import type { Language } from '#platform/http/language.ts';
import type { ProductChoice } from './billing.schemas.ts';
import type { BillingDeps } from './deps.ts';
import { liveSubscription, selectSubscriptions } from './find-subscription.ts';
import { getBilling } from './get-billing.ts';
import { asked } from './payment-problems.ts';
import { findVariantOfItem } from './variants.ts';

type CheckoutDeps = BillingDeps & { publicUrl: string };

/**
 * A page of the first provider at which the workspace subscribes. Throws `role_not_allowed`, `email_not_verified`, `already_subscribed` (then it is
 * changed), `payments_not_offered`, `payment_refused`, `payments_unavailable`.
 */
export async function startCheckout(
  deps: CheckoutDeps,
  actor: Actor,
  { product, interval }: ProductChoice,
  locale: Language,
): Promise<{ url: string }> {
  const { subscription, contract } = await getBilling(deps, actor);
  if (subscription || contract)
    throw new AppError('already_subscribed', { facts: { product: subscription?.product ?? 'enterprise' } });
  return openCheckout(deps, actor, subscriptionItem(product, interval), locale);
}

/** A page of the first provider at which the workspace buys a pack of credits. Throws as `startCheckout` does, but for `already_subscribed`. */
export async function buyPack(
  deps: CheckoutDeps,
  actor: Actor,
  { pack }: { pack: ItemId },
  locale: Language,
): Promise<{ url: string }> {
  permit(actor, 'manage_billing');
  return openCheckout(deps, actor, pack, locale);
}

async function openCheckout(
  deps: CheckoutDeps,
  actor: Actor,
  item: ItemId,
  locale: Language,
): Promise<{ url: string }> {
  if (actor.kind === 'key') throw new AppError('session_required');
  if (!actor.emailVerified) throw new AppError('email_not_verified');
  const provider = sellerOf(deps);
  const variantId = await findVariantOfItem(deps.db, provider, item);
  if (variantId === null) throw new AppError('payments_not_offered');
  return asked(
    provider.checkout({
      variantId,
      workspaceId: actor.workspaceId,
      email: actor.email,
      name: null,
      locale,
      returnUrl: `${deps.publicUrl}/billing`,
      customerId: await findCustomer(deps, provider, actor.workspaceId),
    }),
  );
}

function sellerOf({ payments }: BillingDeps): PaymentProvider {
  const [first] = payments.values();
  if (!first) throw new AppError('payments_not_offered');
  return first;
}

/** Who the workspace is at a provider, if it has ever bought there. */
async function findCustomer(
  { db, clock }: BillingDeps,
  { name }: PaymentProvider,
  workspaceId: string,
): Promise<string | null> {
  const subscriptions = await readTenant(db, workspaceId, (query) =>
    selectSubscriptions(query, workspaceId).where('provider', '=', name).orderBy('created_at', 'desc'),
  );
  const known = liveSubscription(subscriptions, clock.nowMs()) ?? subscriptions[0];
  if (known) return known.customer_id;
  const [payment] = await readTenant(db, workspaceId, (query) =>
    query
      .selectFrom('billing_payment')
      .select('customer_id')
      .where('workspace_id', '=', workspaceId)
      .where('provider', '=', name)
      .orderBy('created_at', 'desc')
      .limit(1),
  );
  return payment?.customer_id ?? null;
}
