import { dayMs, dayOf, periodEnd } from './calendar.ts';
import type { CardWord } from './cards.ts';
import { emit } from './emit.ts';
import { SandboxError } from './sandbox-error.ts';
import { find, findVariant, type Shop } from './shop.ts';
import type { Checkout, Customer, Invoice, Order, PaymentRef, Subscription, Variant } from './state.ts';

// What a buyer does at the counter.

/** A card's holder notices this long after. */
const disputeAfterMs = 7 * dayMs;

export type PayAnswer =
  | { status: 'paid'; order_id: string; subscription_id: string | null; return_url: string }
  | { status: 'declined' }
  | { status: 'requires_action'; confirm_url: string };

/** Pays with a test card. Paying what is paid changes nothing and tells what was bought. */
export function payCheckout(shop: Shop, checkoutId: string, card: CardWord): PayAnswer {
  const checkout = find(shop.state.checkouts, checkoutId);
  if (checkout.status === 'paid') return paid(checkout);
  if (card === 'declined') return { status: 'declined' };
  if (card === 'three_d_secure') {
    checkout.status = 'confirming';
    return { status: 'requires_action', confirm_url: `${shop.url()}/checkouts/${checkout.id}/confirm` };
  }
  complete(shop, checkout, card);
  return paid(checkout);
}

/** What the buyer answers their bank (3-D Secure). */
export function confirmCheckout(shop: Shop, checkoutId: string, approve: boolean): PayAnswer {
  const checkout = find(shop.state.checkouts, checkoutId);
  if (checkout.status === 'paid') return paid(checkout);
  if (checkout.status !== 'confirming') throw new SandboxError(409, 'Conflict', 'No bank waits for an answer.');
  checkout.status = 'open';
  if (!approve) return { status: 'declined' };
  complete(shop, checkout, 'three_d_secure');
  return paid(checkout);
}

const paid = ({ orderId, subscriptionId, returnUrl }: Checkout): PayAnswer => ({
  status: 'paid',
  order_id: orderId ?? '',
  subscription_id: subscriptionId,
  return_url: returnUrl,
});

function complete(shop: Shop, checkout: Checkout, card: CardWord): void {
  const customer = customerOf(shop, checkout, card);
  const variant = findVariant(shop, checkout.variantId);
  const order = addOrder(shop, customer, variant, checkout.custom);
  checkout.status = 'paid';
  checkout.orderId = order.id;
  emit(shop, 'order_created', { kind: 'order', object: order });
  let payment: PaymentRef = { kind: 'order', id: order.id };
  if (variant.interval !== null) {
    const invoice = startSubscription(shop, order, variant);
    checkout.subscriptionId = invoice.subscriptionId;
    payment = { kind: 'invoice', id: invoice.id };
  }
  if (card === 'disputed') shop.state.plannedDisputes.push({ payment, at: shop.now() + disputeAfterMs });
}

/** One customer an address, as at Lemon Squeezy; the last card is theirs. */
function customerOf(shop: Shop, { email, name }: Checkout, card: CardWord): Customer {
  const known = Object.values(shop.state.customers).find((one) => one.email === email);
  if (known) {
    known.card = card;
    shop.touch(known);
    return known;
  }
  const at = shop.now();
  const customer = { id: shop.newId(), email, name, card, createdAt: at, updatedAt: at };
  shop.state.customers[customer.id] = customer;
  return customer;
}

function addOrder(shop: Shop, customer: Customer, variant: Variant, custom: Order['custom']): Order {
  const at = shop.now();
  const order: Order = {
    id: shop.newId(),
    customerId: customer.id,
    variantId: variant.id,
    custom,
    status: 'paid',
    email: customer.email,
    totalCents: variant.priceCents,
    refundedCents: 0,
    createdAt: at,
    updatedAt: at,
  };
  shop.state.orders[order.id] = order;
  return order;
}

function startSubscription(shop: Shop, order: Order, variant: Variant): Invoice {
  const at = shop.now();
  const anchorDay = dayOf(at);
  const subscription: Subscription = {
    id: shop.newId(),
    customerId: order.customerId,
    orderId: order.id,
    variantId: variant.id,
    custom: order.custom,
    status: 'active',
    cancelled: false,
    periodStart: at,
    periodEnd: periodEnd(at, variant.interval, anchorDay),
    anchorDay,
    endsAt: null,
    pause: null,
    dunning: null,
    createdAt: at,
    updatedAt: at,
  };
  shop.state.subscriptions[subscription.id] = subscription;
  const invoice = addInvoice(shop, subscription, 'initial', variant.priceCents);
  emit(shop, 'subscription_created', { kind: 'subscription', object: subscription });
  emit(shop, 'subscription_updated', { kind: 'subscription', object: subscription });
  emit(shop, 'subscription_payment_success', { kind: 'invoice', object: invoice });
  return invoice;
}

/** A new invoice, paid unless said otherwise. */
export function addInvoice(
  shop: Shop,
  { id, customerId }: Subscription,
  reason: Invoice['reason'],
  totalCents: number,
  status: Invoice['status'] = 'paid',
): Invoice {
  const at = shop.now();
  const invoice: Invoice = {
    id: shop.newId(),
    customerId,
    subscriptionId: id,
    reason,
    status,
    totalCents,
    refundedCents: 0,
    createdAt: at,
    updatedAt: at,
  };
  shop.state.invoices[invoice.id] = invoice;
  return invoice;
}

/** Charges the stored card for a pack, with nobody at the screen. A card that declines or asks its holder is refused. */
export function chargeCustomer(
  shop: Shop,
  { customerId, variantId, custom }: { customerId: string; variantId: string; custom: Order['custom'] },
): Order {
  const customer = find(shop.state.customers, customerId);
  const variant = findVariant(shop, variantId);
  if (variant.interval !== null) throw new SandboxError(422, 'Unprocessable Entity', 'Only packs can be charged.');
  if (customer.card === 'declined' || customer.card === 'three_d_secure')
    throw new SandboxError(422, 'Unprocessable Entity', 'The card was declined.');
  const order = addOrder(shop, customer, variant, custom);
  emit(shop, 'order_created', { kind: 'order', object: order });
  return order;
}
