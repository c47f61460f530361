import type Stripe from 'stripe';
import {
  PaymentProviderError,
  type PaymentProvider,
  type PaymentRef,
  type ProviderObject,
  type ProviderShelf,
} from './port.ts';
import { createStripeChanges } from './stripe-changes.ts';
import { createStripeCharge } from './stripe-charge.ts';
import { answered, createStripeClient, isTestKey, type StripeClientOptions } from './stripe-client.ts';
import { createStripeLists } from './stripe-lists.ts';
import { createStripeReader } from './stripe-reader.ts';
import { createStripeShelf } from './stripe-shelf.ts';
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

    ...createStripeChanges(stripe, reader, nowMs),
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
