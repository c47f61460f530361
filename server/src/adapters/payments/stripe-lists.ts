import type Stripe from 'stripe';
import type { ListRequest, ProviderObject } from './port.ts';
import { listed } from './stripe-client.ts';
import { readInvoice, readOrder } from './stripe-objects.ts';
import { expansions, type StripeReader } from './stripe-reader.ts';
import { readSubscription } from './stripe-subscription.ts';
import { referenceOf } from './stripe-webhook.ts';

type Kind = ProviderObject['kind'];

/** The events after which an object of a kind is another. An endpoint is set up with all of them (`docs/billing.md`). */
export const stripeEvents = {
  subscription: [
    'customer.subscription.created',
    'customer.subscription.updated',
    'customer.subscription.deleted',
    'customer.subscription.paused',
    'customer.subscription.resumed',
  ],
  invoice: [
    'invoice.finalized',
    'invoice.paid',
    'invoice.payment_failed',
    'invoice.voided',
    'invoice.marked_uncollectible',
    'charge.refunded',
    'refund.failed',
  ],
  order: [
    'payment_intent.processing',
    'payment_intent.succeeded',
    'payment_intent.canceled',
    'charge.refunded',
    'refund.failed',
  ],
  dispute: ['charge.dispute.created', 'charge.dispute.updated', 'charge.dispute.closed'],
} as const satisfies Record<Kind, readonly Stripe.EventListParams['type'][]>;

/** Stripe keeps events for 30 days; a day less, so that none goes while a list is read. */
const eventsKeptMs = 29 * 86_400_000;
const pageSize = 100;

/**
 * Lists what changed. Stripe's objects do not say when they changed, its events do: what they name is got as it is now, and counts as of its newest event. From
 * before the oldest event everything is listed; what no event is of has not changed since.
 */
export function createStripeLists(stripe: Stripe, reader: StripeReader, nowMs: () => number) {
  /** The newest event of everything that changed, oldest first. */
  const changesOf = async (kind: Kind, since: Date) => {
    const newest = new Map<string, { reference: NonNullable<ReturnType<typeof referenceOf>>; at: Date }>();
    const asked = {
      types: [...stripeEvents[kind]],
      created: { gte: Math.floor(since.getTime() / 1_000) },
      limit: pageSize,
    };
    for await (const { created, data } of listed(stripe.events.list(asked))) {
      const reference = referenceOf(data.object as unknown as Parameters<typeof referenceOf>[0]);
      if (reference && !newest.has(reference.id))
        newest.set(reference.id, { reference, at: new Date(created * 1_000) });
    }
    return new Map([...newest].reverse());
  };

  async function* changed(kind: Kind, since: Date): AsyncGenerator<ProviderObject> {
    for (const { reference, at } of (await changesOf(kind, since)).values()) {
      const object = await reader.lookUp(reference, at);
      if (object?.kind === kind) yield object;
    }
  }

  async function* everything<Raw extends { id: string; created: number }>(
    kind: Kind,
    list: AsyncIterable<Raw>,
    read: (raw: Raw, at: Date) => ProviderObject | null | Promise<ProviderObject | null>,
  ): AsyncGenerator<ProviderObject> {
    const horizon = new Date(nowMs() - eventsKeptMs);
    const changes = await changesOf(kind, horizon);
    for await (const raw of listed(list)) {
      const unchangedSince = new Date(Math.max(raw.created * 1_000, horizon.getTime()));
      const object = await read(raw, changes.get(raw.id)?.at ?? unchangedSince);
      if (object) yield object;
    }
  }

  const full = {
    subscription: () =>
      everything(
        'subscription',
        stripe.subscriptions.list({ status: 'all', limit: pageSize, expand: inList(expansions.subscription) }),
        (raw, at) => {
          const subscription = readSubscription(raw, at);
          return subscription && { kind: 'subscription', subscription };
        },
      ),
    invoice: () =>
      everything(
        'invoice',
        stripe.invoices.list({ limit: pageSize, expand: inList(expansions.invoice) }),
        async (raw, at) => {
          const read = readInvoice(raw, at);
          return read && { kind: 'invoice', invoice: await reader.withRefunds(read) };
        },
      ),
    order: () =>
      everything(
        'order',
        stripe.paymentIntents.list({ limit: pageSize, expand: inList(expansions.intent) }),
        (raw, at) => {
          const order = readOrder(raw, at);
          return order && { kind: 'order', order };
        },
      ),
    dispute: () =>
      everything('dispute', stripe.disputes.list({ limit: pageSize }), async (raw, at) => {
        const dispute = await reader.withPayment(raw, at);
        return dispute && { kind: 'dispute', dispute };
      }),
  } satisfies Record<Kind, () => AsyncGenerator<ProviderObject>>;

  const list = (kind: Kind, since: Date): AsyncGenerator<ProviderObject> =>
    since.getTime() >= nowMs() - eventsKeptMs ? changed(kind, since) : full[kind]();

  return {
    async *listSubscriptions({ updatedSince }: ListRequest) {
      for await (const object of list('subscription', updatedSince))
        if (object.kind === 'subscription') yield object.subscription;
    },
    async *listInvoices({ updatedSince }: ListRequest) {
      for await (const object of list('invoice', updatedSince)) if (object.kind === 'invoice') yield object.invoice;
    },
    async *listOrders({ updatedSince }: ListRequest) {
      for await (const object of list('order', updatedSince)) if (object.kind === 'order') yield object.order;
    },
    async *listDisputes({ updatedSince }: ListRequest) {
      for await (const object of list('dispute', updatedSince)) if (object.kind === 'dispute') yield object.dispute;
    },
  };
}

const inList = (fields: readonly string[]): string[] => fields.map((field) => `data.${field}`);
