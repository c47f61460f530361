import { randomUUID } from 'node:crypto';
import { field, text, type Answer, type Call, type Route } from './http.ts';
import { cancel, change, pause, resume, unpause } from './life.ts';
import { type PaymentOf, paymentOf, refund } from './money-back.ts';
import { chargeCustomer } from './purchase.ts';
import {
  checkoutResource,
  customerResource,
  disputeResource,
  invoiceResource,
  orderResource,
  priceResource,
  productResource,
  type Resource,
  subscriptionResource,
  variantResource,
} from './resources.ts';
import { SandboxError } from './sandbox-error.ts';
import { find, findVariant, type Shop } from './shop.ts';
import type { Subscription } from './state.ts';

// The part of Lemon Squeezy's API that a shop like ours uses, and two things of our own: `/v1/disputes` and `/v1/customers/{id}/charges`.

export function apiRoutes(shop: Shop): Route[] {
  const { state } = shop;
  const one = (resource: Resource, status = 200): Answer => ({
    status,
    json: { jsonapi: { version: '1.0' }, data: resource },
  });
  const paymentResource = ({ kind, object }: PaymentOf): Resource =>
    kind === 'invoice' ? invoiceResource(shop, object) : orderResource(shop, object);
  const list = <Thing>(path: string, things: () => Thing[], toResource: (thing: Thing) => Resource): Route => ({
    method: 'GET',
    path: new RegExp(`^/v1/${path}$`),
    run: ({ query }) => page(query, things().map(toResource)),
  });
  const subscription = (call: Call): Subscription => find(state.subscriptions, call.params[0] ?? '');

  return [
    list('products', () => [...shop.variants], productResource),
    list('variants', () => [...shop.variants], variantResource),
    list('prices', () => [...shop.variants], priceResource),
    list(
      'subscriptions',
      () => newest(state.subscriptions),
      (thing) => subscriptionResource(shop, thing),
    ),
    list(
      'subscription-invoices',
      () => newest(state.invoices),
      (thing) => invoiceResource(shop, thing),
    ),
    list(
      'orders',
      () => newest(state.orders),
      (thing) => orderResource(shop, thing),
    ),
    list('disputes', () => newest(state.disputes), disputeResource),
    {
      method: 'GET',
      path: /^\/v1\/variants\/([^/]+)$/,
      run: ({ params: [id = ''] }) => one(variantResource(known(shop, id))),
    },
    {
      method: 'GET',
      path: /^\/v1\/customers\/([^/]+)$/,
      run: ({ params: [id = ''] }) => one(customerResource(shop, find(state.customers, id))),
    },
    {
      method: 'GET',
      path: /^\/v1\/orders\/([^/]+)$/,
      run: ({ params: [id = ''] }) => one(orderResource(shop, find(state.orders, id))),
    },
    {
      method: 'GET',
      path: /^\/v1\/subscription-invoices\/([^/]+)$/,
      run: ({ params: [id = ''] }) => one(invoiceResource(shop, find(state.invoices, id))),
    },
    {
      method: 'GET',
      path: /^\/v1\/subscriptions\/([^/]+)$/,
      run: (call) => one(subscriptionResource(shop, subscription(call))),
    },
    {
      method: 'DELETE',
      path: /^\/v1\/subscriptions\/([^/]+)$/,
      run: (call) => one(subscriptionResource(shop, cancel(shop, subscription(call)))),
    },
    {
      method: 'PATCH',
      path: /^\/v1\/subscriptions\/([^/]+)$/,
      run: (call) => one(subscriptionResource(shop, patchSubscription(shop, subscription(call), call.body))),
    },
    { method: 'POST', path: /^\/v1\/checkouts$/, run: ({ body }) => one(addCheckout(shop, body), 201) },
    {
      method: 'POST',
      path: /^\/v1\/(subscription-invoices|orders)\/([^/]+)\/refund$/,
      run: (call) =>
        once(shop, call, () => {
          const payment = paymentOf(shop, {
            kind: call.params[0] === 'orders' ? 'order' : 'invoice',
            id: call.params[1] ?? '',
          });
          const amount = field(call.body, 'data', 'attributes', 'amount');
          refund(shop, payment, amount === undefined ? undefined : Number(amount));
          return one(paymentResource(payment));
        }),
    },
    {
      method: 'POST',
      path: /^\/v1\/customers\/([^/]+)\/charges$/,
      run: (call) =>
        once(shop, call, () => {
          const attributes = field(call.body, 'data', 'attributes');
          const order = chargeCustomer(shop, {
            customerId: call.params[0] ?? '',
            variantId: text(field(attributes, 'variant_id')),
            custom: (field(attributes, 'custom') ?? {}) as Record<string, unknown>,
          });
          return one(orderResource(shop, order), 201);
        }),
    },
  ];
}

const newest = <Thing extends { createdAt: number; id: string }>(things: Record<string, Thing>): Thing[] =>
  Object.values(things).sort((a, b) => b.createdAt - a.createdAt || Number(b.id) - Number(a.id));

function known(shop: Shop, id: string) {
  const variant = shop.variants.find((thing) => thing.id === id);
  if (!variant) throw new SandboxError(404, 'Not Found', `There is no variant ${id}.`);
  return variant;
}

function page(query: URLSearchParams, all: Resource[]): Answer {
  const size = Math.min(100, Math.max(1, Number(query.get('page[size]') ?? 10)));
  const number = Math.max(1, Number(query.get('page[number]') ?? 1));
  const lastPage = Math.max(1, Math.ceil(all.length / size));
  return {
    json: {
      meta: { page: { currentPage: number, lastPage, perPage: size, total: all.length } },
      jsonapi: { version: '1.0' },
      data: all.slice((number - 1) * size, number * size),
    },
  };
}

/** The same key gives the same answer, and the effect happens once. */
function once(shop: Shop, { idempotencyKey }: Call, run: () => Answer): Answer {
  if (idempotencyKey === undefined) return run();
  const kept = shop.state.idempotent[idempotencyKey];
  if (kept !== undefined) return JSON.parse(kept) as Answer;
  const answer = run();
  shop.state.idempotent[idempotencyKey] = JSON.stringify(answer);
  return answer;
}

function addCheckout(shop: Shop, body: unknown): Resource {
  const attributes = field(body, 'data', 'attributes');
  const id = text(field(body, 'data', 'relationships', 'variant', 'data', 'id'));
  const store = text(field(body, 'data', 'relationships', 'store', 'data', 'id'));
  if (store !== shop.storeId) throw new SandboxError(422, 'Unprocessable Entity', 'The store is not this one.');
  const data = field(attributes, 'checkout_data');
  const custom = field(data, 'custom');
  const checkout = {
    id: randomUUID(),
    variantId: findVariant(shop, id).id,
    custom: (typeof custom === 'object' && custom !== null ? custom : {}) as Record<string, unknown>,
    email: text(field(data, 'email')),
    name: text(field(data, 'name')),
    locale: text(field(attributes, 'checkout_options', 'locale')) || null,
    returnUrl: text(field(attributes, 'product_options', 'redirect_url')),
    status: 'open' as const,
    orderId: null,
    subscriptionId: null,
    createdAt: shop.now(),
  };
  shop.state.checkouts[checkout.id] = checkout;
  return checkoutResource(shop, checkout);
}

function patchSubscription(shop: Shop, subscription: Subscription, body: unknown): Subscription {
  const wanted = (field(body, 'data', 'attributes') ?? {}) as Record<string, unknown>;
  if ('variant_id' in wanted)
    change(shop, subscription, {
      variantId: text(wanted['variant_id']),
      // Without either word the difference would come with the next invoice; ours always says one.
      invoiceNow: wanted['invoice_immediately'] === true && wanted['disable_prorations'] !== true,
    });
  if (wanted['cancelled'] === true) cancel(shop, subscription);
  if (wanted['cancelled'] === false) resume(shop, subscription);
  if ('pause' in wanted) {
    const how = wanted['pause'];
    if (how === null) unpause(shop, subscription);
    else pause(shop, subscription, readPause(how));
  }
  return subscription;
}

/** `{mode, resumes_at}` of a pause; without a mode it stops the service. */
export function readPause(how: unknown): NonNullable<Subscription['pause']> {
  const resumesAt = Date.parse(text(field(how, 'resumes_at')));
  return {
    mode: field(how, 'mode') === 'free' ? 'free' : 'void',
    resumesAt: Number.isNaN(resumesAt) ? null : resumesAt,
  };
}
