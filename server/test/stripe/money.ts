import { all, type FakeState, find, StripeRefusal, type Thing } from './state.ts';

// What happens to money at Stripe: payments, subscriptions and their invoices, refunds, disputes.

/** Numbers that the card networks' test cards have at Stripe. */
export const cards = { paid: '4242424242424242', declined: '4000000000000341' } as const;

/** A card at a customer; the last one is used. */
export function addCard(state: FakeState, customer: string, number: string): Thing {
  return state.make('payment_method', { type: 'card', customer, card: { brand: 'visa', last4: number.slice(-4) } });
}

/** Takes money from a card, or leaves the payment open when its bank says no. */
export function takePayment(
  state: FakeState,
  { customer, amount, card, metadata = {} }: { customer: string; amount: number; card: Thing; metadata?: object },
): Thing {
  const declined = card['card'].last4 === cards.declined.slice(-4);
  const intent = state.make('payment_intent', { customer, amount, currency: 'usd', payment_method: card.id, metadata });
  intent['status'] = declined ? 'requires_payment_method' : 'succeeded';
  intent['latest_charge'] = state.make('charge', {
    payment_intent: intent.id,
    customer,
    amount,
    currency: 'usd',
    metadata,
    amount_refunded: 0,
    status: declined ? 'failed' : 'succeeded',
    receipt_url: `https://pay.stripe.com/receipts/${intent.id}`,
  }).id;
  state.emit(declined ? 'payment_intent.payment_failed' : 'payment_intent.succeeded', intent);
  return intent;
}

type Line = { price: string; amount: number; proration?: boolean };

/** Makes an invoice of a subscription and tries to collect it. */
export function bill(state: FakeState, subscription: Thing, billing_reason: string, lines: readonly Line[]): Thing {
  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  const invoice = state.make('invoice', {
    customer: subscription['customer'],
    billing_reason,
    status: 'open',
    attempted: false,
    currency: 'usd',
    total,
    amount_paid: 0,
    parent: {
      type: 'subscription_details',
      subscription_details: { subscription: subscription.id, metadata: subscription['metadata'] },
    },
    lines: {
      object: 'list',
      data: lines.map(({ price, amount, proration = false }) => ({
        object: 'line_item',
        amount,
        pricing: { type: 'price_details', price_details: { price } },
        parent: { type: 'subscription_item_details', subscription_item_details: { proration } },
      })),
    },
    invoicePayments: [],
  });
  invoice['hosted_invoice_url'] = `https://invoice.stripe.com/i/${invoice.id}`;
  state.emit('invoice.finalized', invoice);
  collect(state, invoice, find(state, 'payment_method', subscription['default_payment_method']));
  return invoice;
}

/** Tries an open invoice's payment. */
export function collect(state: FakeState, invoice: Thing, card: Thing): void {
  const { customer, total: amount } = invoice as Thing & { customer: string; total: number };
  const intent = amount > 0 ? takePayment(state, { customer, amount, card }) : null;
  invoice['attempted'] = true;
  if (intent && intent['status'] !== 'succeeded') {
    state.emit('invoice.payment_failed', invoice);
    return;
  }
  invoice['status'] = 'paid';
  invoice['amount_paid'] = amount;
  if (intent) invoice['invoicePayments'].push(paymentOf(invoice, intent));
  state.emit('invoice.paid', invoice);
}

const paymentOf = (invoice: Thing, intent: Thing) => ({
  id: `inpay_${intent.id}`,
  object: 'invoice_payment',
  invoice: invoice.id,
  status: 'paid',
  amount_paid: intent['amount'],
  payment: { type: 'payment_intent', payment_intent: intent.id },
});

/** Gives money back. Refuses as Stripe does: nothing left, or more than is left. */
export function refund(state: FakeState, intentId: unknown, amount: number): Thing {
  const intent = find(state, 'payment_intent', intentId);
  const charge = find(state, 'charge', intent['latest_charge']);
  const left: number = charge['amount'] - charge['amount_refunded'];
  if (left === 0)
    throw new StripeRefusal(
      400,
      'invalid_request_error',
      'charge_already_refunded',
      `Charge ${charge.id} has already been refunded.`,
    );
  if (amount > left)
    throw new StripeRefusal(
      400,
      'invalid_request_error',
      'amount_too_large',
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
    );
  charge['amount_refunded'] = charge['amount'] - left + amount;
  const made = state.make('refund', {
    amount,
    currency: 'usd',
    charge: charge.id,
    payment_intent: intent.id,
    status: 'succeeded',
  });
  state.emit('charge.refunded', charge);
  return made;
}

/** The card's bank asks for a payment's money, or has decided. */
export function dispute(state: FakeState, intentId: string, status: 'needs_response' | 'won' | 'lost'): Thing {
  const intent = find(state, 'payment_intent', intentId);
  const known = all(state, 'dispute').find((one) => one['payment_intent'] === intentId);
  const { amount, currency, latest_charge: charge } = intent;
  const about = known ?? state.make('dispute', { amount, currency, charge, payment_intent: intentId });
  about['status'] = status;
  state.emit(known ? 'charge.dispute.closed' : 'charge.dispute.created', about);
  return about;
}
