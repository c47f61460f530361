import type { Form } from './form.ts';
import { refund, takePayment } from './money.ts';
import { all, type FakeState, find, StripeRefusal, type Thing } from './state.ts';
import { updateSubscription } from './subscriptions.ts';

type Call = { state: FakeState; url: string; id: string; form: Form };
type Route = [method: string, path: RegExp, answer: (call: Call) => Thing | Listed];
export type Listed = { list: Thing[] };

const text = (form: Form, name: string): string => form[name] as string;
const get = (object: string, path: string): Route => [
  'GET',
  new RegExp(`^/${path}/([^/]+)$`),
  ({ state, id }) => find(state, object, id),
];
const list = (object: string, path: string, keep: (thing: Thing, form: Form) => boolean = () => true): Route => [
  'GET',
  new RegExp(`^/${path}$`),
  ({ state, form }) => ({ list: all(state, object).filter((thing) => keep(thing, form)) }),
];

const named = (form: Form, name: string, value: unknown): boolean =>
  form[name] === undefined || (form[name] as unknown[]).includes(value);

/** What of the API the adapter calls. */
export const routes: readonly Route[] = [
  list('price', 'prices', (price, form) => named(form, 'lookup_keys', price['lookup_key'])),
  get('price', 'prices'),
  ['POST', /^\/prices$/, ({ state, form }) => makePrice(state, form)],
  [
    'POST',
    /^\/checkout\/sessions$/,
    ({ state, form, url }) => {
      find(state, 'price', (form['line_items'] as Form[])[0]?.['price']);
      if (form['customer'] !== undefined) find(state, 'customer', form['customer']);
      const session = state.make('checkout.session', { ...form, status: 'open', payment_status: 'unpaid' });
      session['url'] = `${url}/pages/${session.id}`;
      return session;
    },
  ],
  [
    'POST',
    /^\/billing_portal\/sessions$/,
    ({ state, form, url }) => {
      const session = state.make('billing_portal.session', { customer: find(state, 'customer', form['customer']).id });
      session['url'] = `${url}/pages/${session.id}`;
      return session;
    },
  ],
  get('subscription', 'subscriptions'),
  list('subscription', 'subscriptions', ({ status }, form) => form['status'] === 'all' || status !== 'canceled'),
  [
    'POST',
    /^\/subscriptions\/([^/]+)$/,
    ({ state, id, form }) => updateSubscription(state, find(state, 'subscription', id), form),
  ],
  get('invoice', 'invoices'),
  list('invoice', 'invoices'),
  [
    'GET',
    /^\/invoice_payments$/,
    ({ state, form }) => {
      const asked = (form['payment'] as Form)['payment_intent'];
      const payments = all(state, 'invoice').flatMap(({ invoicePayments }) => invoicePayments as Thing[]);
      return { list: payments.filter(({ payment }) => payment.payment_intent === asked) };
    },
  ],
  get('payment_intent', 'payment_intents'),
  list('payment_intent', 'payment_intents'),
  ['POST', /^\/payment_intents$/, ({ state, form }) => charge(state, form)],
  ['POST', /^\/refunds$/, ({ state, form }) => refund(state, form['payment_intent'], Number(form['amount']))],
  get('dispute', 'disputes'),
  list('dispute', 'disputes'),
  get('customer', 'customers'),
  [
    'GET',
    /^\/customers\/([^/]+)\/payment_methods$/,
    ({ state, id }) => ({
      list: all(state, 'payment_method').filter(({ customer }) => customer === find(state, 'customer', id).id),
    }),
  ],
  list('event', 'events', ({ type, created }, form) => {
    const since = Number((form['created'] as Form | undefined)?.['gte'] ?? 0);
    return created >= since && named(form, 'types', type);
  }),
];

function makePrice(state: FakeState, form: Form): Thing {
  const lookup_key = text(form, 'lookup_key');
  if (all(state, 'price').some((price) => price['lookup_key'] === lookup_key))
    throw new StripeRefusal(
      400,
      'invalid_request_error',
      'resource_already_exists',
      `A price (…) already uses that lookup key.`,
    );
  const product = state.make('product', form['product_data'] as Form);
  const recurring = form['recurring']
    ? { interval: text(form['recurring'] as Form, 'interval'), interval_count: 1 }
    : null;
  const unit_amount = Number(form['unit_amount']);
  return state.make('price', {
    currency: text(form, 'currency'),
    unit_amount,
    lookup_key,
    recurring,
    product: product.id,
    active: true,
  });
}

function charge(state: FakeState, form: Form): Thing {
  const customer = find(state, 'customer', form['customer']).id;
  const card = find(state, 'payment_method', form['payment_method']);
  const intent = takePayment(state, {
    customer,
    amount: Number(form['amount']),
    card,
    metadata: form['metadata'] as Form,
  });
  if (intent['status'] === 'succeeded') return intent;
  throw new StripeRefusal(402, 'card_error', 'card_declined', 'Your card was declined.');
}
