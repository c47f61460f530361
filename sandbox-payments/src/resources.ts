import { createHmac, randomBytes } from 'node:crypto';
import { writeTime } from './calendar.ts';
import { lastFour } from './cards.ts';
import type { Shop } from './shop.ts';
import type { Checkout, Customer, Dispute, Invoice, Order, Payment, Subscription, Variant } from './state.ts';

// The state in the words of Lemon Squeezy's API: JSON:API resources with its attributes.

export type Resource = { type: string; id: string; attributes: Record<string, unknown> };

/** Ids are numbers in attributes and text in `id`; ours may be words. */
const numeric = (id: string): number | string => (/^\d+$/.test(id) ? Number(id) : id);
const timeOrNull = (at: number | null): string | null => (at === null ? null : writeTime(at));
const times = (object: { createdAt: number; updatedAt: number }) => ({
  created_at: writeTime(object.createdAt),
  updated_at: writeTime(object.updatedAt),
  test_mode: true,
});

/** Pages of a customer are opened by a signed link that dies after a day. The key lives as long as the process: links are asked for on each click. */
const linkKey = randomBytes(32);
const sign = (path: string, expires: number): string =>
  createHmac('sha256', linkKey).update(`${path} ${expires}`).digest('hex');
export const signedUrl = (shop: Shop, path: string): string => {
  const expires = shop.now() + 86_400_000;
  return `${shop.url()}${path}?expires=${expires}&signature=${sign(path, expires)}`;
};
export const isSigned = (shop: Shop, path: string, query: URLSearchParams): boolean => {
  const expires = Number(query.get('expires'));
  return expires > shop.now() && query.get('signature') === sign(path, expires);
};

const money = ({ totalCents, refundedCents, ...payment }: Payment) => ({
  store_id: 1,
  customer_id: numeric(payment.customerId),
  currency: 'USD',
  currency_rate: '1.00000000',
  subtotal: totalCents,
  discount_total: 0,
  tax: 0,
  total: totalCents,
  total_usd: totalCents,
  total_formatted: `$${(totalCents / 100).toFixed(2)}`,
  refunded: refundedCents >= totalCents && totalCents > 0,
  refunded_amount: refundedCents,
  refunded_at: refundedCents > 0 ? writeTime(payment.updatedAt) : null,
  ...times(payment),
});

export function subscriptionResource(shop: Shop, subscription: Subscription): Resource {
  const customer = shop.state.customers[subscription.customerId];
  const { variantId, pause, status, cancelled, endsAt } = subscription;
  const name = shop.variants.find((one) => one.id === variantId)?.name ?? '';
  const ended = status === 'expired' || cancelled;
  return {
    type: 'subscriptions',
    id: subscription.id,
    attributes: {
      store_id: numeric(shop.storeId),
      customer_id: numeric(subscription.customerId),
      order_id: numeric(subscription.orderId),
      product_id: numeric(variantId),
      variant_id: numeric(variantId),
      product_name: name,
      variant_name: name,
      user_name: customer?.name ?? '',
      user_email: customer?.email ?? '',
      status,
      card_brand: 'visa',
      card_last_four: lastFour(customer?.card ?? 'paid'),
      pause: pause && { mode: pause.mode, resumes_at: timeOrNull(pause.resumesAt) },
      cancelled,
      trial_ends_at: null,
      billing_anchor: subscription.anchorDay,
      urls: {
        update_payment_method: signedUrl(shop, `/portal/${subscription.customerId}`),
        customer_portal: signedUrl(shop, `/portal/${subscription.customerId}`),
      },
      renews_at: ended ? null : writeTime(subscription.periodEnd),
      ends_at: timeOrNull(endsAt),
      ...times(subscription),
    },
  };
}

export function invoiceResource(shop: Shop, invoice: Invoice): Resource {
  return {
    type: 'subscription-invoices',
    id: invoice.id,
    attributes: {
      ...money(invoice),
      subscription_id: numeric(invoice.subscriptionId),
      billing_reason: invoice.reason,
      status: invoice.status,
      urls: { invoice_url: signedUrl(shop, `/documents/invoice/${invoice.id}`) },
    },
  };
}

export function orderResource(shop: Shop, order: Order): Resource {
  return {
    type: 'orders',
    id: order.id,
    attributes: {
      ...money(order),
      identifier: `order-${order.id}`,
      order_number: numeric(order.id),
      user_email: order.email,
      status: order.status,
      first_order_item: {
        id: numeric(order.id),
        order_id: numeric(order.id),
        product_id: numeric(order.variantId),
        variant_id: numeric(order.variantId),
        price: order.totalCents,
        quantity: 1,
      },
      urls: { receipt: signedUrl(shop, `/documents/order/${order.id}`) },
    },
  };
}

/** Lemon Squeezy settles disputes itself and tells nobody: this one resource is ours. */
export function disputeResource(dispute: Dispute): Resource {
  const { kind, id } = dispute.payment;
  return {
    type: 'disputes',
    id: dispute.id,
    attributes: {
      customer_id: numeric(dispute.customerId),
      payment_kind: kind,
      payment_id: numeric(id),
      status: dispute.status,
      currency: 'USD',
      amount: dispute.amountCents,
      ...times(dispute),
    },
  };
}

export const customerResource = (shop: Shop, customer: Customer): Resource => ({
  type: 'customers',
  id: customer.id,
  attributes: {
    store_id: numeric(shop.storeId),
    name: customer.name,
    email: customer.email,
    status: 'subscribed',
    urls: { customer_portal: signedUrl(shop, `/portal/${customer.id}`) },
    ...times(customer),
  },
});

export const variantResource = ({ id, name, priceCents, interval }: Variant): Resource => ({
  type: 'variants',
  id,
  attributes: {
    product_id: numeric(id),
    name,
    slug: id,
    price: priceCents,
    is_subscription: interval !== null,
    interval,
    interval_count: interval === null ? null : 1,
    status: 'published',
    test_mode: true,
  },
});

/** Lemon Squeezy keeps names at products and amounts at prices; a variant of ours has one of each, under its own id. */
export const productResource = ({ id, name }: Variant): Resource => ({ type: 'products', id, attributes: { name } });
export const priceResource = ({ id, priceCents, interval }: Variant): Resource => ({
  type: 'prices',
  id,
  attributes: {
    variant_id: numeric(id),
    category: interval === null ? 'one_time' : 'subscription',
    unit_price: priceCents,
    renewal_interval_unit: interval,
    renewal_interval_quantity: interval === null ? null : 1,
  },
});

export const checkoutResource = (shop: Shop, checkout: Checkout): Resource => ({
  type: 'checkouts',
  id: checkout.id,
  attributes: {
    store_id: numeric(shop.storeId),
    variant_id: numeric(checkout.variantId),
    checkout_data: { email: checkout.email, name: checkout.name, custom: checkout.custom },
    url: `${shop.url()}/checkouts/${checkout.id}`,
    expires_at: null,
    created_at: writeTime(checkout.createdAt),
    test_mode: true,
  },
});
