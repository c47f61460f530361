import { z } from 'zod';
import { parse } from './parse.ts';
import type { ProviderDispute, ProviderInvoice, ProviderOrder, ProviderSubscription } from './port.ts';

// Lemon Squeezy's objects, as far as we read them, and what they are to us. Unknown fields are accepted everywhere.

const id = z.union([z.string().min(1).max(100), z.number()]).transform(String);
const time = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)))
  .transform((text) => new Date(text));
const cents = z.int().min(0);
const url = z.string().nullish();

const common = { customer_id: id, test_mode: z.boolean(), created_at: time, updated_at: time };
const money = {
  currency: z.string().length(3).toUpperCase(),
  total: cents,
  refunded_amount: cents.nullish().transform((amount) => amount ?? 0),
};

const SubscriptionAttributes = z.looseObject({
  ...common,
  variant_id: id,
  status: z.enum(['on_trial', 'active', 'paused', 'past_due', 'unpaid', 'cancelled', 'expired']),
  cancelled: z.boolean(),
  renews_at: time.nullish(),
  ends_at: time.nullish(),
  pause: z.looseObject({ mode: z.enum(['void', 'free']), resumes_at: time.nullish() }).nullish(),
  card_brand: z.string().nullish(),
  card_last_four: z.string().nullish(),
  urls: z.looseObject({ update_payment_method: url, customer_portal: url }).nullish(),
});
const InvoiceAttributes = z.looseObject({
  ...common,
  ...money,
  subscription_id: id,
  billing_reason: z.string(),
  status: z.enum(['pending', 'paid', 'failed', 'void', 'refunded', 'partial_refund']),
  urls: z.looseObject({ invoice_url: url }).nullish(),
});
const OrderAttributes = z.looseObject({
  ...common,
  ...money,
  status: z.enum(['pending', 'failed', 'paid', 'refunded', 'partial_refund', 'fraudulent']),
  first_order_item: z.looseObject({ variant_id: id }).nullish(),
  urls: z.looseObject({ receipt: url }).nullish(),
});
/** The sandbox's own: Lemon Squeezy settles disputes itself. */
const DisputeAttributes = z.looseObject({
  ...common,
  payment_kind: z.enum(['invoice', 'order']),
  payment_id: id,
  status: z.enum(['open', 'won', 'lost']),
  currency: money.currency,
  amount: cents,
});

export const Resource = z.looseObject({ type: z.string(), id, attributes: z.record(z.string(), z.unknown()) });
export type Resource = z.output<typeof Resource>;

const snapshot = (
  resource: Resource,
  common: { customer_id: string; test_mode: boolean; created_at: Date; updated_at: Date },
) => ({
  id: resource.id,
  customerId: common.customer_id,
  workspaceId: null,
  testMode: common.test_mode,
  createdAt: common.created_at,
  updatedAt: common.updated_at,
});

/** Reads one kind of object: what it is to us, and the short-lived pages it names. */
export type Read<Thing> = (resource: Resource) => { object: Thing; urls: Record<string, string | null> };

const links = (urls: Record<string, unknown> | null | undefined): Record<string, string | null> =>
  Object.fromEntries(
    Object.entries(urls ?? {}).map(([name, value]) => [name, typeof value === 'string' ? value : null]),
  );

export const readSubscription: Read<ProviderSubscription> = (resource) => {
  const read = parse(SubscriptionAttributes, resource.attributes, `subscription ${resource.id}`);
  const { pause, card_brand: brand, card_last_four: lastFour } = read;
  return {
    object: {
      ...snapshot(resource, read),
      variantId: read.variant_id,
      status: read.status,
      cancelled: read.cancelled,
      renewsAt: read.renews_at ?? null,
      endsAt: read.ends_at ?? null,
      pause: pause ? { mode: pause.mode, resumesAt: pause.resumes_at ?? null } : null,
      card: brand && lastFour ? { brand, lastFour } : null,
    },
    urls: links(read.urls),
  };
};

export const readInvoice: Read<ProviderInvoice> = (resource) => {
  const read = parse(InvoiceAttributes, resource.attributes, `invoice ${resource.id}`);
  const reason = (['initial', 'renewal', 'updated'] as const).find((one) => one === read.billing_reason) ?? 'other';
  return {
    object: {
      ...snapshot(resource, read),
      subscriptionId: read.subscription_id,
      reason,
      status: read.status,
      variantId: null,
      currency: read.currency,
      totalCents: read.total,
      refundedCents: read.refunded_amount,
    },
    urls: links(read.urls),
  };
};

export const readOrder: Read<ProviderOrder> = (resource) => {
  const read = parse(OrderAttributes, resource.attributes, `order ${resource.id}`);
  return {
    object: {
      ...snapshot(resource, read),
      variantId: read.first_order_item?.variant_id ?? null,
      status: read.status,
      currency: read.currency,
      totalCents: read.total,
      refundedCents: read.refunded_amount,
    },
    urls: links(read.urls),
  };
};

export const readDispute: Read<ProviderDispute> = (resource) => {
  const read = parse(DisputeAttributes, resource.attributes, `dispute ${resource.id}`);
  return {
    object: {
      ...snapshot(resource, read),
      payment: { kind: read.payment_kind, id: read.payment_id },
      status: read.status,
      currency: read.currency,
      amountCents: read.amount,
    },
    urls: {},
  };
};
