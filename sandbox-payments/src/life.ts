import { dayMs, dayOf, periodEnd } from './calendar.ts';
import { emit } from './emit.ts';
import { addInvoice } from './purchase.ts';
import { SandboxError } from './sandbox-error.ts';
import { findVariant, type Shop } from './shop.ts';
import type { Invoice, Subscription } from './state.ts';

// The life of a subscription: each step changes it and tells what Lemon Squeezy would tell.

/** When a failed renewal is tried again: four times within two weeks, then it is unpaid; two weeks later it is over. */
const dunningAfterMs = [3, 7, 10, 14, 28].map((days) => days * dayMs);

const changed = (shop: Shop, subscription: Subscription, ...events: string[]): Subscription => {
  shop.touch(subscription);
  for (const event of [...events, 'subscription_updated'])
    emit(shop, event, { kind: 'subscription', object: subscription });
  return subscription;
};

const refuse = (detail: string): never => {
  throw new SandboxError(422, 'Unprocessable Entity', detail);
};

function requireLive(subscription: Subscription): void {
  if (subscription.status === 'expired') refuse('The subscription has expired.');
}

function beginNextPeriod(shop: Shop, subscription: Subscription): void {
  subscription.periodStart = subscription.periodEnd;
  const { interval } = findVariant(shop, subscription.variantId);
  subscription.periodEnd = periodEnd(subscription.periodStart, interval, subscription.anchorDay);
}

/** The next period begins and is charged, now. */
export function renew(shop: Shop, subscription: Subscription): Invoice {
  requireLive(subscription);
  if (subscription.cancelled) refuse('The subscription is cancelled.');
  if (subscription.dunning) refuse('A renewal is unpaid: recover it first.');
  const declined = shop.state.customers[subscription.customerId]?.card === 'declined';
  const { priceCents } = findVariant(shop, subscription.variantId);
  beginNextPeriod(shop, subscription);
  const invoice = addInvoice(shop, subscription, 'renewal', priceCents, declined ? 'pending' : 'paid');
  if (declined) {
    subscription.status = 'past_due';
    subscription.dunning = { invoiceId: invoice.id, tries: 0, nextAt: shop.now() + (dunningAfterMs[0] ?? 0) };
    emit(shop, 'subscription_payment_failed', { kind: 'invoice', object: invoice });
  } else emit(shop, 'subscription_payment_success', { kind: 'invoice', object: invoice });
  changed(shop, subscription);
  return invoice;
}

/** The failed renewal is paid after all. */
export function recover(shop: Shop, subscription: Subscription): Invoice {
  const invoice = subscription.dunning && shop.state.invoices[subscription.dunning.invoiceId];
  if (!invoice) return refuse('No payment of this subscription has failed.');
  invoice.status = 'paid';
  shop.touch(invoice);
  subscription.dunning = null;
  subscription.status = 'active';
  emit(shop, 'subscription_payment_success', { kind: 'invoice', object: invoice });
  emit(shop, 'subscription_payment_recovered', { kind: 'invoice', object: invoice });
  changed(shop, subscription);
  return invoice;
}

/** The next try of a failed renewal: paid when the card has become good, else closer to the end. */
export function tryAgain(shop: Shop, subscription: Subscription): void {
  const { dunning } = subscription;
  const invoice = dunning && shop.state.invoices[dunning.invoiceId];
  if (!dunning || !invoice) return;
  dunning.tries += 1;
  if (dunning.tries >= dunningAfterMs.length) {
    expire(shop, subscription);
    return;
  }
  dunning.nextAt = invoice.createdAt + (dunningAfterMs[dunning.tries] ?? 0);
  if (dunning.tries === dunningAfterMs.length - 1) subscription.status = 'unpaid';
  emit(shop, 'subscription_payment_failed', { kind: 'invoice', object: invoice });
  changed(shop, subscription);
}

/** A renewal that fell due while collection is paused: the period moves on, nothing is charged. */
export function passPeriod(shop: Shop, subscription: Subscription): void {
  beginNextPeriod(shop, subscription);
  changed(shop, subscription);
}

export type ChangeOptions = { variantId: string; invoiceNow: boolean };

/** Another variant. With `invoiceNow` the difference for what is left of the period is charged at once; an interval that changes begins a new period. */
export function change(shop: Shop, subscription: Subscription, { variantId, invoiceNow }: ChangeOptions): Subscription {
  requireLive(subscription);
  const from = findVariant(shop, subscription.variantId);
  const to = findVariant(shop, variantId);
  if (to.interval === null) refuse('A pack is no subscription.');
  if (to.id === from.id) return subscription;
  const length = subscription.periodEnd - subscription.periodStart;
  const left = Math.max(0, subscription.periodEnd - shop.now());
  const sameInterval = from.interval === to.interval;
  const due = sameInterval
    ? Math.floor(((to.priceCents - from.priceCents) * left) / length)
    : to.priceCents - Math.floor((from.priceCents * left) / length);
  subscription.variantId = to.id;
  if (invoiceNow && !sameInterval) {
    subscription.anchorDay = dayOf(shop.now());
    subscription.periodStart = shop.now();
    subscription.periodEnd = periodEnd(shop.now(), to.interval, subscription.anchorDay);
  }
  changed(shop, subscription, 'subscription_plan_changed');
  if (invoiceNow && due > 0)
    emit(shop, 'subscription_payment_success', {
      kind: 'invoice',
      object: addInvoice(shop, subscription, 'updated', due),
    });
  return subscription;
}

export function cancel(shop: Shop, subscription: Subscription): Subscription {
  if (subscription.cancelled || subscription.status === 'expired') return subscription;
  subscription.cancelled = true;
  subscription.status = 'cancelled';
  subscription.endsAt = subscription.dunning ? shop.now() : subscription.periodEnd;
  return changed(shop, subscription, 'subscription_cancelled');
}

export function resume(shop: Shop, subscription: Subscription): Subscription {
  requireLive(subscription);
  if (!subscription.cancelled) return subscription;
  subscription.cancelled = false;
  subscription.status = subscription.dunning ? 'past_due' : subscription.pause ? 'paused' : 'active';
  subscription.endsAt = null;
  return changed(shop, subscription, 'subscription_resumed');
}

export function pause(shop: Shop, subscription: Subscription, how: NonNullable<Subscription['pause']>): Subscription {
  requireLive(subscription);
  if (subscription.cancelled) refuse('The subscription is cancelled.');
  subscription.pause = how;
  subscription.status = 'paused';
  return changed(shop, subscription, 'subscription_paused');
}

export function unpause(shop: Shop, subscription: Subscription): Subscription {
  if (!subscription.pause) return subscription;
  subscription.pause = null;
  subscription.status = subscription.dunning ? 'past_due' : 'active';
  return changed(shop, subscription, 'subscription_unpaused');
}

export function expire(shop: Shop, subscription: Subscription): void {
  const invoice = subscription.dunning && shop.state.invoices[subscription.dunning.invoiceId];
  if (invoice) {
    invoice.status = 'void';
    shop.touch(invoice);
  }
  subscription.dunning = null;
  subscription.status = 'expired';
  subscription.endsAt = shop.now();
  changed(shop, subscription, 'subscription_expired');
}
