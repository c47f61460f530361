import type Stripe from 'stripe';
import { z } from 'zod';
import { parse } from './parse.ts';
import type {
  ProviderDispute,
  ProviderInvoice,
  ProviderObject,
  ProviderOrder,
  ProviderReference,
  ProviderSubscription,
} from './port.ts';
import { answered, answeredOrNull } from './stripe-client.ts';
import { readDispute, type ReadInvoice, readInvoice, readOrder, readRefunds } from './stripe-objects.ts';
import { readSubscription } from './stripe-subscription.ts';

/** What has to come with an object so that we can read it. */
export const expansions = {
  subscription: ['default_payment_method'],
  invoice: ['payments'],
  intent: ['latest_charge'],
};

export type StripeReader = ReturnType<typeof createStripeReader>;

/** Gets Stripe's objects as the port's. `at` = as of when the answer is meant; by default when it was asked for. All give null for what is not there. */
export function createStripeReader(stripe: Stripe, nowMs: () => number) {
  const now = (): Date => new Date(nowMs());

  const intent = (id: string) => answeredOrNull(stripe.paymentIntents.retrieve(id, { expand: expansions.intent }));

  const refundedOf = async ({ intentIds }: ReadInvoice): Promise<number> => {
    let cents = 0;
    for (const id of intentIds)
      cents += readRefunds(
        await answered(stripe.paymentIntents.retrieve(id, { expand: expansions.intent })),
      ).refundedCents;
    return cents;
  };

  /** The invoice that an intent pays, and not a pack. */
  const invoiceOfIntent = async (intentId: string): Promise<string | null> => {
    const of = { type: 'payment_intent' as const, payment_intent: intentId };
    const { data } = await answered(stripe.invoicePayments.list({ payment: of, limit: 1 }));
    return data[0] ? parse(z.string(), data[0].invoice, 'invoice of a payment') : null;
  };

  const reader = {
    subscription: async (id: string, at = now()): Promise<ProviderSubscription | null> => {
      const found = await answeredOrNull(stripe.subscriptions.retrieve(id, { expand: expansions.subscription }));
      return found && readSubscription(found, at);
    },
    /** The invoice with its page and payments; what else an invoice is for (no subscription) is null. */
    rawInvoice: async (id: string, at = now()): Promise<ReadInvoice | null> => {
      const found = await answeredOrNull(stripe.invoices.retrieve(id, { expand: expansions.invoice }));
      return found && readInvoice(found, at);
    },
    invoice: async (id: string, at = now()): Promise<ProviderInvoice | null> => {
      const found = await reader.rawInvoice(id, at);
      return found && reader.withRefunds(found);
    },
    withRefunds: async (read: ReadInvoice): Promise<ProviderInvoice> => read.withRefunds(await refundedOf(read)),
    order: async (id: string, at = now()): Promise<ProviderOrder | null> => {
      const found = await intent(id);
      return found && readOrder(found, at);
    },
    receipt: async (id: string): Promise<string | null> => {
      const found = await intent(id);
      return found && readRefunds(found).url;
    },
    /** What a payment is for: a pack by what our checkout wrote on it, else the invoice it pays. */
    payment: async (intentId: string, at = now()): Promise<ProviderObject | null> => {
      const found = await intent(intentId);
      if (!found) return null;
      const order = readOrder(found, at);
      if (order) return { kind: 'order', order };
      const invoiceId = await invoiceOfIntent(intentId);
      const invoice = invoiceId === null ? null : await reader.invoice(invoiceId, at);
      return invoice && { kind: 'invoice', invoice };
    },
    withPayment: async (value: unknown, at = now()): Promise<ProviderDispute | null> => {
      const read = readDispute(value, at);
      const payment = read.intentId === null ? null : await reader.payment(read.intentId, at);
      if (payment?.kind === 'invoice') {
        const { id, customerId } = payment.invoice;
        return read.of({ kind: 'invoice', id }, customerId, null);
      }
      if (payment?.kind !== 'order') return null;
      const { id, customerId, workspaceId } = payment.order;
      return read.of({ kind: 'order', id }, customerId, workspaceId);
    },
    dispute: async (id: string, at = now()): Promise<ProviderDispute | null> => {
      const found = await answeredOrNull(stripe.disputes.retrieve(id));
      return found && reader.withPayment(found, at);
    },
    /** What an event referred to. */
    lookUp: async ({ type, id }: ProviderReference, at = now()): Promise<ProviderObject | null> => {
      switch (type) {
        case 'subscription': {
          const subscription = await reader.subscription(id, at);
          return subscription && { kind: 'subscription', subscription };
        }
        case 'invoice': {
          const invoice = await reader.invoice(id, at);
          return invoice && { kind: 'invoice', invoice };
        }
        case 'payment_intent':
          return reader.payment(id, at);
        case 'dispute': {
          const dispute = await reader.dispute(id, at);
          return dispute && { kind: 'dispute', dispute };
        }
        default:
          return null;
      }
    },
  };
  return reader;
}
