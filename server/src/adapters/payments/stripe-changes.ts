import type Stripe from 'stripe';
import { PaymentProviderError, type PaymentProvider, type ProviderSubscription } from './port.ts';
import { answered } from './stripe-client.ts';
import type { StripeReader } from './stripe-reader.ts';
import { readHandles } from './stripe-subscription.ts';

type Changes = Pick<PaymentProvider, 'change' | 'cancel' | 'resume'>;

/**
 * What becomes of a subscription. Each answers with the subscription as it is afterwards: Stripe answers a repeated call for a day as it answered the first
 * one, its own failures included. So a change has a new key each hour, and what was done before is seen by the price.
 */
export function createStripeChanges(stripe: Stripe, reader: StripeReader, nowMs: () => number): Changes {
  const present = async (id: string): Promise<ProviderSubscription> => {
    const subscription = await reader.subscription(id);
    if (!subscription) throw new PaymentProviderError('not_found', `subscription ${id}`);
    return subscription;
  };
  const handlesOf = async (id: string) => readHandles(await answered(stripe.subscriptions.retrieve(id)));

  /** A price of another interval would begin a new period at once; as a trial until what is paid has ended, the next period begins with it. */
  const fromNextPeriod = async (variantId: string, { interval, periodEndS }: ReturnType<typeof readHandles>) => {
    const { recurring } = await answered(stripe.prices.retrieve(variantId));
    return { proration_behavior: 'none', ...(recurring?.interval !== interval && { trial_end: periodEndS }) } as const;
  };
  /** Unpaid it changes nothing: the buyer pays the open invoice within a day, or it goes. */
  const invoicedNow = { proration_behavior: 'always_invoice', payment_behavior: 'pending_if_incomplete' } as const;

  return {
    change: async ({ subscriptionId, variantId, proration, idempotencyKey }) => {
      const handles = await handlesOf(subscriptionId);
      if (handles.priceId === variantId) return present(subscriptionId);
      const how = proration === 'invoice_now' ? invoicedNow : await fromNextPeriod(variantId, handles);
      const hour = Math.floor(nowMs() / 3_600_000);
      await answered(
        stripe.subscriptions.update(
          subscriptionId,
          { items: [{ id: handles.itemId, price: variantId }], ...how },
          { idempotencyKey: `${idempotencyKey}:${hour}` },
        ),
      );
      return present(subscriptionId);
    },
    cancel: async (subscriptionId) => {
      await answered(stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true }));
      return present(subscriptionId);
    },
    resume: async (subscriptionId) => {
      const { byPeriodEnd } = await handlesOf(subscriptionId);
      // A cancellation for a day, made in the dashboard, is taken back by another word.
      const back = byPeriodEnd ? { cancel_at_period_end: false } : { cancel_at: '' as const };
      await answered(stripe.subscriptions.update(subscriptionId, back));
      return present(subscriptionId);
    },
  };
}
