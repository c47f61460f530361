import { emit } from './emit.ts';
import { SandboxError } from './sandbox-error.ts';
import { find, type Shop } from './shop.ts';
import type { Dispute, Invoice, Order, Payment, PaymentRef } from './state.ts';

/** An order or an invoice that somebody paid. */
export type PaymentOf = { kind: 'invoice'; object: Invoice } | { kind: 'order'; object: Order };

export const paymentOf = (shop: Shop, { kind, id }: PaymentRef): PaymentOf =>
  kind === 'invoice' ? { kind, object: find(shop.state.invoices, id) } : { kind, object: find(shop.state.orders, id) };

/** The payment that the buyer of a subscription saw last. */
export function lastInvoice(shop: Shop, subscriptionId: string): PaymentOf {
  const paid = Object.values(shop.state.invoices).filter(
    (one) => one.subscriptionId === subscriptionId && (one.status === 'paid' || one.status === 'partial_refund'),
  );
  const object = paid.sort((a, b) => a.createdAt - b.createdAt || Number(a.id) - Number(b.id)).at(-1);
  if (!object) throw new SandboxError(422, 'Unprocessable Entity', 'Nothing of this subscription is paid.');
  return { kind: 'invoice', object };
}

const left = ({ totalCents, refundedCents }: Payment): number => totalCents - refundedCents;

/** Gives money back; all that is left when no amount is named. More than is left is refused. */
export function refund(shop: Shop, payment: PaymentOf, amountCents?: number): void {
  const { object } = payment;
  const amount = amountCents ?? left(object);
  if (object.status !== 'paid' && object.status !== 'partial_refund')
    throw new SandboxError(422, 'Unprocessable Entity', 'There is nothing to give back.');
  if (!Number.isSafeInteger(amount) || amount <= 0 || amount > left(object))
    throw new SandboxError(422, 'Unprocessable Entity', `The amount must be between 1 and ${left(object)}.`);
  object.refundedCents += amount;
  object.status = left(object) === 0 ? 'refunded' : 'partial_refund';
  shop.touch(object);
  emit(shop, payment.kind === 'invoice' ? 'subscription_payment_refunded' : 'order_refunded', payment);
}

/** The bank of the buyer asks for the money. */
export function dispute(shop: Shop, { kind, object }: PaymentOf): Dispute {
  const at = shop.now();
  const opened: Dispute = {
    id: shop.newId(),
    customerId: object.customerId,
    payment: { kind, id: object.id },
    status: 'open',
    amountCents: left(object),
    createdAt: at,
    updatedAt: at,
  };
  shop.state.disputes[opened.id] = opened;
  emit(shop, 'dispute_created', { kind: 'dispute', object: opened });
  return opened;
}

/** The bank decides. */
export function closeDispute(shop: Shop, opened: Dispute, outcome: 'won' | 'lost'): Dispute {
  if (opened.status !== 'open') throw new SandboxError(409, 'Conflict', 'The dispute is closed.');
  opened.status = outcome;
  shop.touch(opened);
  emit(shop, 'dispute_resolved', { kind: 'dispute', object: opened });
  return opened;
}
