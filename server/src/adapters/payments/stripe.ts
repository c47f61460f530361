import type Stripe from 'stripe';
import {
  PaymentProviderError,
  type PaymentProvider,
  type PaymentRef,
  type ProviderObject,
  type ProviderShelf,
  type ProviderSubscription,
} from './port.ts';
import { createStripeCharge } from './stripe-charge.ts';
import { answered, createStripeClient, isTestKey, type StripeClientOptions } from './stripe-client.ts';
import { createStripeLists } from './stripe-lists.ts';
import { createStripeReader } from './stripe-reader.ts';
import { createStripeShelf } from './stripe-shelf.ts';
import { readHandles } from './stripe-subscription.ts';
import { translateStripe, verifyStripe } from './stripe-webhook.ts';

export type StripeOptions = StripeClientOptions & {
  /** The one that signs now, and those that are being retired. */
  webhookSecrets: readonly string[];
  nowMs?: () => number;
};

/** Stripe by its official SDK. An invoice is an invoice, an order the payment intent of a pack; a variant is a price. */
export function createStripe(options: StripeOptions): PaymentProvider & ProviderShelf {
  const { webhookSecrets, nowMs = Date.now } = options;
  if (webhookSecrets.length === 0 || webhookSecrets.some((secret) => secret.length < 6))
    throw new Error('A webhook secret (whsec_…) is needed: without one, anybody could send events.');
  const stripe = createStripeClient(options);
  const reader = createStripeReader(stripe, nowMs);

  /** As it is now: a repeated call is answered as the first one was. */
  const present = async (id: string): Promise<ProviderSubscription> => {
    const subscription = await reader.subscription(id);
    if (!subscription) throw new PaymentProviderError('not_found', `subscription ${id}`);
    return subscription;
  };
  const handlesOf = async (id: string) => readHandles(await answered(stripe.subscriptions.retrieve(id)));
  const paymentOf = async ({ kind, id }: PaymentRef): Promise<ProviderObject> => {
    const payment =
      kind === 'order' ? await reader.payment(id) : await reader.lookUp({ kind: 'reference', type: 'invoice', id });
    if (!payment) throw new PaymentProviderError('not_found', `${kind} ${id}`);
    return payment;
  };

  return {
    name: 'stripe',
    testMode: isTestKey(options.secretKey),
    canCharge: true,
    variants: {},
    ...createStripeShelf(stripe),

    checkout: async ({ variantId, workspaceId, email, locale, returnUrl, customerId }) => {
      const price = await answered(stripe.prices.retrieve(variantId));
      const session = await answered(
        stripe.checkout.sessions.create({
          line_items: [{ price: variantId, quantity: 1 }],
          success_url: returnUrl,
          cancel_url: returnUrl,
          client_reference_id: workspaceId,
          locale,
          ...(customerId === null ? { customer_email: email } : { customer: customerId }),
          ...(price.recurring
            ? { mode: 'subscription', subscription_data: { metadata: { workspace_id: workspaceId } } }
            : packSession(workspaceId, variantId, customerId)),
        }),
      );
      if (session.url === null) throw new PaymentProviderError('unreadable', 'checkout: no address');
      return { url: session.url };
    },
    portal: async ({ customerId, returnUrl }) => {
      const open = (flow?: Stripe.BillingPortal.SessionCreateParams.FlowData) =>
        answered(
          stripe.billingPortal.sessions.create({
            customer: customerId,
            return_url: returnUrl,
            ...(flow && { flow_data: flow }),
          }),
        );
      const [portal, method] = await Promise.all([open(), open({ type: 'payment_method_update' })]);
      return { url: portal.url, paymentMethodUrl: method.url };
    },
    document: async ({ kind, id }) =>
      kind === 'order' ? reader.receipt(id) : ((await reader.rawInvoice(id))?.url ?? null),

    change: async ({ subscriptionId, variantId, proration, idempotencyKey }) => {
      const { itemId, periodEnd, interval } = await handlesOf(subscriptionId);
      const items = [{ id: itemId, price: variantId }];
      const how: Stripe.SubscriptionUpdateParams =
        proration === 'invoice_now'
          ? // Unpaid it changes nothing: the buyer pays the open invoice within a day, or it goes.
            { proration_behavior: 'always_invoice', payment_behavior: 'pending_if_incomplete' }
          : { proration_behavior: 'none', ...(await untilPeriodEnd(variantId, interval, periodEnd)) };
      await answered(stripe.subscriptions.update(subscriptionId, { items, ...how }, { idempotencyKey }));
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
    refund: async ({ payment, amountCents, idempotencyKey }) => {
      const intentIds = payment.kind === 'order' ? [payment.id] : (await reader.rawInvoice(payment.id))?.intentIds;
      const [intentId] = intentIds ?? [];
      if (intentId === undefined) throw new PaymentProviderError('refused', `${payment.kind} ${payment.id}: not paid`);
      await answered(stripe.refunds.create({ payment_intent: intentId, amount: amountCents }, { idempotencyKey }));
      return paymentOf(payment);
    },
    charge: createStripeCharge(stripe, reader),

    fetchSubscription: (id) => reader.subscription(id),
    fetchInvoice: (id) => reader.invoice(id),
    fetchOrder: (id) => reader.order(id),
    ...createStripeLists(stripe, reader, nowMs),

    verifyWebhook: (request) => verifyStripe(request, webhookSecrets),
    translateWebhook: translateStripe,
    lookUp: (reference) => reader.lookUp(reference),
  };

  /** A price of another interval would begin a new period at once; as a trial until what is paid has ended, the next period begins with it. */
  async function untilPeriodEnd(variantId: string, interval: string | null, periodEnd: Date) {
    const { recurring } = await answered(stripe.prices.retrieve(variantId));
    return recurring?.interval === interval ? {} : { trial_end: Math.floor(periodEnd.getTime() / 1_000) };
  }
}

/** A pack is known by what stands on its payment; the card is kept for later charges. */
function packSession(workspaceId: string, variantId: string, customerId: string | null) {
  const metadata = { workspace_id: workspaceId, variant_id: variantId };
  return {
    mode: 'payment' as const,
    payment_intent_data: { metadata, setup_future_usage: 'off_session' as const },
    ...(customerId === null && { customer_creation: 'always' as const }),
  };
}
