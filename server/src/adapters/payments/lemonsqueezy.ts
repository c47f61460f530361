import { z } from 'zod';
import { createLemonSqueezyClient, type ClientOptions } from './lemonsqueezy-client.ts';
import { type Read, readInvoice, readOrder, readSubscription, Resource } from './lemonsqueezy-objects.ts';
import { createShelf } from './lemonsqueezy-shelf.ts';
import { translateLemonSqueezy, verifyLemonSqueezy } from './lemonsqueezy-webhook.ts';
import { parse } from './parse.ts';
import {
  PaymentProviderError,
  type PaymentProvider,
  type PaymentRef,
  type ProviderObject,
  type ProviderShelf,
} from './port.ts';

export type LemonSqueezyOptions = ClientOptions & {
  storeId: string;
  /** The one that signs now, and those that are being retired. */
  webhookSecrets: readonly string[];
  testMode: boolean;
  /** Variant ids by item, where the settings name them. */
  variants?: Readonly<Record<string, string>>;
};

const One = z.looseObject({ data: Resource });
const Page = z.looseObject({
  meta: z.looseObject({ page: z.looseObject({ lastPage: z.int() }) }),
  data: z.array(Resource),
});
const pageSize = 100;
/** Ids travel as numbers where they are some. */
const numeric = (id: string): number | string => (/^\d{1,15}$/.test(id) ? Number(id) : id);

/** Lemon Squeezy by its HTTP API (v1). It has no charges without the buyer, and settles disputes itself: both are answered accordingly. */
export function createLemonSqueezy(options: LemonSqueezyOptions): PaymentProvider & ProviderShelf {
  const { storeId, webhookSecrets, testMode } = options;
  if (webhookSecrets.length === 0 || webhookSecrets.some((secret) => secret.length < 6))
    throw new Error('A webhook secret of at least 6 characters is needed: without one, anybody could send events.');
  const call = createLemonSqueezyClient(options);

  const own = <Thing extends { testMode: boolean }>(read: ReturnType<Read<Thing>>): ReturnType<Read<Thing>> => {
    if (read.object.testMode !== testMode)
      throw new PaymentProviderError('refused', `an object of ${testMode ? 'live' : 'test'} mode`);
    return read;
  };
  const get = async <Thing extends { testMode: boolean }>(path: string, read: Read<Thing>) =>
    own(read(parse(One, await call({ method: 'GET', path }), path).data));
  const subscriptionAt = (id: string): string => `/subscriptions/${encodeURIComponent(id)}`;
  const patch = async (id: string, attributes: Record<string, unknown>) => {
    const path = subscriptionAt(id);
    const answer = await call({ method: 'PATCH', path, type: 'subscriptions', id, attributes });
    return own(readSubscription(parse(One, answer, path).data)).object;
  };
  async function* pages(path: string): AsyncGenerator<Resource> {
    for (let number = 1, last = 1; number <= last; number += 1) {
      const query = new URLSearchParams({ 'page[number]': String(number), 'page[size]': String(pageSize) });
      if (!/^\/(variants|prices)$/.test(path)) query.set('filter[store_id]', storeId);
      const page = parse(Page, await call({ method: 'GET', path: `${path}?${query.toString()}` }), path);
      last = page.meta.page.lastPage;
      yield* page.data;
    }
  }
  const listAll = async (path: string): Promise<Resource[]> => {
    const resources: Resource[] = [];
    for await (const resource of pages(path)) resources.push(resource);
    return resources;
  };
  /** The API cannot sort by change: everything is read, and what did not change is left out. */
  const list = <Thing extends { testMode: boolean; updatedAt: Date }>(path: string, read: Read<Thing>) =>
    async function* ({ updatedSince }: { updatedSince: Date }): AsyncGenerator<Thing> {
      for await (const resource of pages(path)) {
        const { object } = read(resource);
        if (object.testMode === testMode && object.updatedAt >= updatedSince) yield object;
      }
    };
  const orNull = async <Answer>(work: Promise<Answer>): Promise<Answer | null> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof PaymentProviderError && error.kind === 'not_found') return null;
      throw error;
    }
  };
  const paymentPath = ({ kind, id }: PaymentRef): string =>
    `/${kind === 'invoice' ? 'subscription-invoices' : 'orders'}/${encodeURIComponent(id)}`;
  const getPayment = async (payment: PaymentRef): Promise<ProviderObject> =>
    payment.kind === 'invoice'
      ? { kind: 'invoice', invoice: (await get(paymentPath(payment), readInvoice)).object }
      : { kind: 'order', order: (await get(paymentPath(payment), readOrder)).object };

  return {
    name: 'lemonsqueezy',
    testMode,
    canCharge: false,
    variants: options.variants ?? {},
    ...createShelf(listAll, options.variants ?? {}),

    checkout: async ({ variantId, workspaceId, email, name, locale, returnUrl }) => {
      const answer = await call({
        method: 'POST',
        path: '/checkouts',
        type: 'checkouts',
        attributes: {
          checkout_data: { email, ...(name !== null && { name }), custom: { workspace_id: workspaceId } },
          checkout_options: { locale },
          product_options: { redirect_url: returnUrl, enabled_variants: [numeric(variantId)] },
          test_mode: testMode,
        },
        relationships: { store: { type: 'stores', id: storeId }, variant: { type: 'variants', id: variantId } },
      });
      const { attributes } = parse(One, answer, 'checkout').data;
      return parse(z.looseObject({ url: z.url() }), attributes, 'checkout');
    },
    portal: async ({ customerId, subscriptionId }) => {
      const path =
        subscriptionId === null ? `/customers/${encodeURIComponent(customerId)}` : subscriptionAt(subscriptionId);
      const { attributes } = parse(One, await call({ method: 'GET', path }), path).data;
      const Links = z.looseObject({ customer_portal: z.url(), update_payment_method: z.url().nullish() });
      const { urls } = parse(z.looseObject({ urls: Links }), attributes, path);
      return { url: urls.customer_portal, paymentMethodUrl: urls.update_payment_method ?? null };
    },
    document: async (payment) => {
      const read: Read<{ testMode: boolean }> = payment.kind === 'invoice' ? readInvoice : readOrder;
      const found = await orNull(get(paymentPath(payment), read));
      return found?.urls['invoice_url'] ?? found?.urls['receipt'] ?? null;
    },

    change: ({ subscriptionId, variantId, proration }) =>
      patch(subscriptionId, {
        variant_id: numeric(variantId),
        ...(proration === 'invoice_now' ? { invoice_immediately: true } : { disable_prorations: true }),
      }),
    cancel: (subscriptionId) => patch(subscriptionId, { cancelled: true }),
    resume: (subscriptionId) => patch(subscriptionId, { cancelled: false }),
    refund: async ({ payment, amountCents, idempotencyKey }) => {
      const before = refundedOf(await getPayment(payment));
      try {
        await call({
          method: 'POST',
          path: `${paymentPath(payment)}/refund`,
          type: payment.kind === 'invoice' ? 'subscription-invoices' : 'orders',
          id: payment.id,
          attributes: { amount: amountCents },
          repeatable: false,
          idempotencyKey,
        });
      } catch (error) {
        // Whether a lost call gave the money back is seen on the payment; nothing is given twice.
        if (!(error instanceof PaymentProviderError) || error.kind !== 'unavailable') throw error;
        if (refundedOf(await getPayment(payment)) !== before + amountCents) throw error;
      }
      return getPayment(payment);
    },
    charge: () =>
      Promise.reject(new PaymentProviderError('refused', 'Lemon Squeezy charges nobody who is not at the checkout.')),

    fetchSubscription: async (id) => (await orNull(get(subscriptionAt(id), readSubscription)))?.object ?? null,
    fetchInvoice: async (id) => (await orNull(get(paymentPath({ kind: 'invoice', id }), readInvoice)))?.object ?? null,
    fetchOrder: async (id) => (await orNull(get(paymentPath({ kind: 'order', id }), readOrder)))?.object ?? null,
    listSubscriptions: list('/subscriptions', readSubscription),
    listInvoices: list('/subscription-invoices', readInvoice),
    listOrders: list('/orders', readOrder),
    // eslint-disable-next-line require-yield -- there is nothing to list: Lemon Squeezy, the seller, answers disputes itself
    async *listDisputes() {
      return;
    },

    verifyWebhook: (request) => verifyLemonSqueezy(request, webhookSecrets),
    translateWebhook: translateLemonSqueezy,
    lookUp: () => Promise.resolve(null),
  };
}

function refundedOf(payment: ProviderObject): number {
  if (payment.kind === 'invoice') return payment.invoice.refundedCents;
  return payment.kind === 'order' ? payment.order.refundedCents : 0;
}
