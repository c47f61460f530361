import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  type PaymentProvider,
  PaymentProviderError,
  type ProviderEvent,
  type ProviderInvoice,
  type ProviderObject,
  type ProviderOrder,
  type ProviderSubscription,
} from '#adapters/payments/port.ts';

const secret = 'test-webhook-secret';

/** A provider that lives in this process: it knows the objects given to it, and signs the bodies it makes of events. */
export type FakePayments = PaymentProvider & {
  known: {
    subscriptions: Map<string, ProviderSubscription>;
    invoices: Map<string, ProviderInvoice>;
    orders: Map<string, ProviderOrder>;
  };
  deliver: (object: ProviderObject | null, name?: string) => { body: Buffer; headers: Record<string, string> };
};

const unused = (): never => {
  throw new PaymentProviderError('refused', 'not part of the fake');
};

/** Times travel as ISO text, and become dates again. */
const revive = (_name: string, value: unknown): unknown =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? new Date(value) : value;

/** @param testMode The mode of the shop; its objects say theirs themselves. */
export function createFakePayments(testMode = true): FakePayments {
  const known: FakePayments['known'] = { subscriptions: new Map(), invoices: new Map(), orders: new Map() };
  const sign = (body: Buffer): string => createHmac('sha256', secret).update(body).digest('hex');
  let events = 0;
  return {
    name: 'sandbox',
    testMode,
    canCharge: false,
    variants: {},
    known,
    deliver: (object, name = object?.kind ?? 'something_new') => {
      const event: ProviderEvent = { name, deliveryKey: `event-${String((events += 1))}`, testMode, object };
      const body = Buffer.from(JSON.stringify(event));
      return { body, headers: { 'content-type': 'application/json', 'x-signature': sign(body) } };
    },
    verifyWebhook: ({ headers, body }) => {
      const given = headers['x-signature'];
      const [mine, theirs] = [Buffer.from(sign(body)), Buffer.from(typeof given === 'string' ? given : '')];
      return mine.length === theirs.length && timingSafeEqual(mine, theirs);
    },
    translateWebhook: (body) => {
      try {
        return JSON.parse(body.toString('utf8'), revive) as ProviderEvent;
      } catch (cause) {
        throw new PaymentProviderError('unreadable', 'no JSON', { cause });
      }
    },
    fetchSubscription: async (id) => Promise.resolve(known.subscriptions.get(id) ?? null),
    fetchInvoice: async (id) => Promise.resolve(known.invoices.get(id) ?? null),
    fetchOrder: async (id) => Promise.resolve(known.orders.get(id) ?? null),
    lookUp: unused,
    checkout: unused,
    portal: unused,
    document: unused,
    change: unused,
    cancel: unused,
    resume: unused,
    refund: unused,
    charge: unused,
    listSubscriptions: unused,
    listInvoices: unused,
    listOrders: unused,
    listDisputes: unused,
  };
}
