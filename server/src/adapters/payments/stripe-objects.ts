import { z } from 'zod';
import { parse, workspaceOf } from './parse.ts';
import type { PaymentRef, ProviderDispute, ProviderInvoice, ProviderOrder } from './port.ts';

// Stripe's objects about money, as far as we read them, and what they are to us. Unknown fields are accepted everywhere. They do not say when they changed: whoever
// fetched them says as of when they are read (`at`).

export const id = z.string().min(1).max(100);
export const time = z.int().transform((seconds) => new Date(seconds * 1_000));
const cents = z.int().min(0);
export const common = {
  id,
  customer: id,
  livemode: z.boolean(),
  created: time,
  metadata: z.record(z.string(), z.string()).nullish(),
};
const currency = z.string().length(3).toUpperCase();

const InvoiceObject = z.looseObject({
  ...common,
  status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']),
  billing_reason: z.string().nullish(),
  attempted: z.boolean(),
  currency,
  total: z.int(),
  parent: z.looseObject({ subscription_details: z.looseObject({ subscription: id }).nullish() }).nullish(),
  lines: z.looseObject({
    data: z.array(
      z.looseObject({
        amount: z.int(),
        pricing: z.looseObject({ price_details: z.looseObject({ price: id }).nullish() }).nullish(),
      }),
    ),
  }),
  payments: z.looseObject({
    data: z.array(z.looseObject({ status: z.string(), payment: z.looseObject({ payment_intent: id.nullish() }) })),
  }),
  hosted_invoice_url: z.string().nullish(),
});

const IntentObject = z.looseObject({
  ...common,
  customer: id.nullish(),
  status: z.string(),
  currency,
  amount: cents,
  latest_charge: z.looseObject({ amount_refunded: cents, receipt_url: z.string().nullish() }).nullish(),
});

const DisputeObject = z.looseObject({
  id,
  livemode: z.boolean(),
  created: time,
  status: z.string(),
  currency,
  amount: cents,
  payment_intent: id.nullish(),
});

type Common = { id: string; livemode: boolean; created: Date };
/** What all snapshots share. */
export const snapshot = (
  { id: own, livemode, created }: Common,
  customerId: string,
  workspaceId: string | null,
  at: Date,
) => ({
  id: own,
  customerId,
  workspaceId,
  testMode: !livemode,
  createdAt: created,
  updatedAt: at,
});

const reasons: Readonly<Record<string, ProviderInvoice['reason']>> = {
  subscription_create: 'initial',
  subscription_cycle: 'renewal',
  subscription_update: 'updated',
};

/** An invoice as read, which is the port's only together with what was refunded of its payments. */
export type ReadInvoice = {
  intentIds: string[];
  url: string | null;
  withRefunds: (refundedCents: number) => ProviderInvoice;
};

/** Null for an invoice that is for no subscription. */
export function readInvoice(value: unknown, at: Date): ReadInvoice | null {
  const read = parse(InvoiceObject, value, 'invoice');
  const subscriptionId = read.parent?.subscription_details?.subscription;
  if (subscriptionId === undefined) return null;
  const reason = reasons[read.billing_reason ?? ''] ?? 'other';
  // The price that is charged for: beside it an upgrade has a line that gives back the rest of the old one.
  const charged = read.lines.data.filter(({ amount }) => amount >= 0).at(-1) ?? read.lines.data.at(-1);
  return {
    intentIds: read.payments.data.flatMap(({ status, payment }) =>
      status === 'paid' && payment.payment_intent ? [payment.payment_intent] : [],
    ),
    url: read.hosted_invoice_url ?? null,
    withRefunds: (refundedCents) => ({
      ...snapshot(read, read.customer, null, at),
      subscriptionId,
      reason,
      status: invoiceStatus(read, reason, refundedCents),
      variantId: charged?.pricing?.price_details?.price ?? null,
      currency: read.currency,
      totalCents: read.total,
      refundedCents,
    }),
  };
}

function invoiceStatus(
  { status, attempted, total }: z.output<typeof InvoiceObject>,
  reason: ProviderInvoice['reason'],
  refundedCents: number,
): ProviderInvoice['status'] {
  switch (status) {
    case 'paid':
      return paidStatus(total, refundedCents);
    case 'void':
      return 'void';
    case 'uncollectible':
      return 'failed';
    case 'draft':
      return 'pending';
    case 'open':
      // An upgrade waits for its buyer, who may have to answer the bank; a renewal that was tried has failed so far.
      return attempted && reason === 'renewal' ? 'failed' : 'pending';
  }
}

const paidStatus = (totalCents: number, refundedCents: number) =>
  refundedCents === 0 ? 'paid' : refundedCents >= totalCents ? 'refunded' : 'partial_refund';

/** What a payment's charge says: what went back of it, and its receipt. */
export function readRefunds(value: unknown): { refundedCents: number; url: string | null } {
  const { latest_charge: charge } = parse(IntentObject, value, 'payment');
  return { refundedCents: charge?.amount_refunded ?? 0, url: charge?.receipt_url ?? null };
}

/** A pack, by what our checkout wrote on its payment; null for payments of invoices, of others, and for those that did not come about. */
export function readOrder(value: unknown, at: Date): ProviderOrder | null {
  const read = parse(IntentObject, value, 'payment');
  const variantId = read.metadata?.['variant_id'];
  if (variantId === undefined || (read.status !== 'succeeded' && read.status !== 'processing')) return null;
  const { refundedCents } = readRefunds(value);
  return {
    ...snapshot(read, parse(id, read.customer, 'payment'), workspaceOf(read.metadata), at),
    variantId,
    status: read.status === 'processing' ? 'pending' : paidStatus(read.amount, refundedCents),
    currency: read.currency,
    totalCents: read.amount,
    refundedCents,
  };
}

/** Whom a dispute is about is found by its payment. */
export function readDispute(value: unknown, at: Date) {
  const read = parse(DisputeObject, value, 'dispute');
  const status: ProviderDispute['status'] =
    read.status === 'lost' ? 'lost' : ['won', 'warning_closed', 'prevented'].includes(read.status) ? 'won' : 'open';
  return {
    intentId: read.payment_intent ?? null,
    of: (payment: PaymentRef, customerId: string, workspaceId: string | null): ProviderDispute => ({
      ...snapshot(read, customerId, workspaceId, at),
      payment,
      status,
      currency: read.currency,
      amountCents: read.amount,
    }),
  };
}
