import { addMonths } from '@pingvas/domain';
import type { Form } from './form.ts';
import { addCard, bill, takePayment } from './money.ts';
import { type FakeState, find, type Thing } from './state.ts';

const itemOf = (subscription: Thing) => subscription['items'].data[0];
const priceOf = (subscription: Thing): Thing => itemOf(subscription).price;
const endOf = (startS: number, price: Thing): number =>
  addMonths(startS * 1_000, price['recurring'].interval === 'year' ? 12 : 1) / 1_000;

/** The buyer pays at the page of a checkout. */
export function payCheckout(state: FakeState, session: Thing, number: string): void {
  if (session['status'] === 'complete') return;
  const customer: string =
    session['customer'] ?? state.make('customer', { email: session['customer_email'], invoice_settings: {} }).id;
  const card = addCard(state, customer, number);
  const price = find(state, 'price', session['line_items'][0].price);
  if (session['mode'] === 'payment') {
    const metadata = session['payment_intent_data'].metadata;
    const intent = takePayment(state, { customer, amount: price['unit_amount'], card, metadata });
    Object.assign(session, { payment_intent: intent.id });
  } else {
    const subscription = subscribe(state, customer, card, price, session['subscription_data'].metadata);
    Object.assign(session, { subscription: subscription.id });
  }
  Object.assign(session, { customer, status: 'complete', payment_status: 'paid' });
  state.emit('checkout.session.completed', session);
}

function subscribe(state: FakeState, customer: string, card: Thing, price: Thing, metadata: object): Thing {
  const start = state.nowS();
  const item = {
    object: 'subscription_item',
    price,
    current_period_start: start,
    current_period_end: endOf(start, price),
  };
  const subscription = state.make('subscription', {
    customer,
    metadata,
    status: 'incomplete',
    default_payment_method: card.id,
    cancel_at_period_end: false,
    cancel_at: null,
    ended_at: null,
    pause_collection: null,
    items: { object: 'list', data: [{ ...item, id: `si_${price.id}_${start}` }] },
  });
  state.emit('customer.subscription.created', subscription);
  bill(state, subscription, 'subscription_create', [{ price: price.id, amount: price['unit_amount'] }]);
  subscription['status'] = 'active';
  state.emit('customer.subscription.updated', subscription);
  return subscription;
}

/** `POST /v1/subscriptions/{id}`, as far as we use it. */
export function updateSubscription(state: FakeState, subscription: Thing, form: Form): Thing {
  if ('cancel_at_period_end' in form) {
    const cancelled = form['cancel_at_period_end'] === 'true';
    const cancel_at = cancelled ? itemOf(subscription).current_period_end : null;
    Object.assign(subscription, { cancel_at_period_end: cancelled, cancel_at });
  }
  if (form['cancel_at'] === '') Object.assign(subscription, { cancel_at: null });
  const [item] = (form['items'] ?? []) as Form[];
  if (item) change(state, subscription, find(state, 'price', item['price']), form);
  state.emit('customer.subscription.updated', subscription);
  return subscription;
}

function change(state: FakeState, subscription: Thing, price: Thing, form: Form): void {
  const before = priceOf(subscription);
  const item = itemOf(subscription);
  if (form['proration_behavior'] === 'always_invoice') {
    const { current_period_start: start, current_period_end: end } = item;
    const otherInterval = before['recurring'].interval !== price['recurring'].interval;
    const left = (end - state.nowS()) / (end - start);
    const full = price['unit_amount'];
    const invoice = bill(state, subscription, 'subscription_update', [
      { price: before.id, amount: -Math.round(before['unit_amount'] * left), proration: true },
      { price: price.id, amount: otherInterval ? full : Math.round(full * left), proration: !otherInterval },
    ]);
    if (invoice['status'] !== 'paid' && form['payment_behavior'] === 'pending_if_incomplete') {
      subscription['pending_update'] = { subscription_items: [{ price }] };
      return;
    }
    if (otherInterval)
      Object.assign(item, { current_period_start: state.nowS(), current_period_end: endOf(state.nowS(), price) });
  } else if (form['trial_end'] !== undefined) {
    subscription['status'] = 'trialing';
    bill(state, subscription, 'subscription_update', [{ price: price.id, amount: 0 }]);
  }
  item.price = price;
}

/** The next period begins: what was cancelled ends, else its invoice is made and tried. */
export function renew(state: FakeState, subscription: Thing): void {
  const item = itemOf(subscription);
  if (subscription['cancel_at_period_end']) {
    Object.assign(subscription, { status: 'canceled', ended_at: item.current_period_end });
    state.emit('customer.subscription.deleted', subscription);
    return;
  }
  const price = priceOf(subscription);
  const start = item.current_period_end;
  Object.assign(item, { current_period_start: start, current_period_end: endOf(start, price) });
  const invoice = bill(state, subscription, 'subscription_cycle', [{ price: price.id, amount: price['unit_amount'] }]);
  subscription['status'] = invoice['status'] === 'paid' ? 'active' : 'past_due';
  state.emit('customer.subscription.updated', subscription);
}
