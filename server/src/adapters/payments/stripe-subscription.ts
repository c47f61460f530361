import { z } from 'zod';
import { parse, workspaceOf } from './parse.ts';
import type { ProviderSubscription, SubscriptionStatus } from './port.ts';
import { common, id, snapshot, time } from './stripe-objects.ts';

const SubscriptionObject = z.looseObject({
  ...common,
  status: z.string(),
  cancel_at_period_end: z.boolean(),
  cancel_at: time.nullish(),
  ended_at: time.nullish(),
  pause_collection: z
    .looseObject({ behavior: z.enum(['keep_as_draft', 'mark_uncollectible', 'void']), resumes_at: time.nullish() })
    .nullish(),
  items: z.looseObject({
    data: z.array(z.looseObject({ id, current_period_end: time, price: z.looseObject({ id }) })).min(1),
  }),
  default_payment_method: z
    .union([z.string(), z.looseObject({ card: z.looseObject({ brand: z.string(), last4: z.string() }).nullish() })])
    .nullish(),
});

/** Paused by us or the operator: `void` stops the service, the other two let it go on without payment, as Stripe means them. */
const pauseModes = { void: 'void', keep_as_draft: 'free', mark_uncollectible: 'free' } as const;

/** What may still come into being, or never did, is no subscription yet: null. */
export function readSubscription(value: unknown, at: Date): ProviderSubscription | null {
  const read = parse(SubscriptionObject, value, 'subscription');
  if (read.status === 'incomplete' || read.status === 'incomplete_expired') return null;
  const [item] = read.items.data;
  const periodEnd = item?.current_period_end ?? null;
  const ended = read.status === 'canceled';
  const cancelled = ended || read.cancel_at_period_end || read.cancel_at != null;
  const pause = read.pause_collection;
  const method = read.default_payment_method;
  const card = typeof method === 'object' ? method?.card : null;
  return {
    ...snapshot(read, read.customer, workspaceOf(read.metadata), at),
    variantId: item?.price.id ?? '',
    status: statusOf(read.status, cancelled, pause != null),
    cancelled,
    renewsAt: cancelled ? null : periodEnd,
    endsAt: ended ? (read.ended_at ?? at) : cancelled ? (read.cancel_at ?? periodEnd) : null,
    pause: pause
      ? { mode: pauseModes[pause.behavior], resumesAt: pause.resumes_at ?? null }
      : pausedByItself(read.status),
    card: card ? { brand: card.brand, lastFour: card.last4 } : null,
  };
}

function statusOf(status: string, cancelled: boolean, paused: boolean): SubscriptionStatus {
  if (status === 'canceled') return 'expired';
  if (paused || status === 'paused') return 'paused';
  if (status === 'past_due' || status === 'unpaid') return status;
  if (cancelled) return 'cancelled';
  return status === 'trialing' ? 'on_trial' : parse(z.literal('active'), status, 'status of a subscription');
}

/** A trial that ended without a card. */
const pausedByItself = (status: string) => (status === 'paused' ? { mode: 'void' as const, resumesAt: null } : null);

const Handles = z.looseObject({
  cancel_at_period_end: z.boolean(),
  items: z.looseObject({
    data: z.tuple(
      [
        z.looseObject({
          id,
          current_period_end: z.int(),
          price: z.looseObject({ id, recurring: z.looseObject({ interval: z.string() }).nullish() }),
        }),
      ],
      z.unknown(),
    ),
  }),
});

/** What a change takes hold of: the item that is replaced, its price and the end of what is paid (seconds), and how a cancellation was asked for. */
export function readHandles(value: unknown) {
  const { items, cancel_at_period_end: byPeriodEnd } = parse(Handles, value, 'subscription');
  const [{ id: itemId, current_period_end: periodEndS, price }] = items.data;
  return { itemId, priceId: price.id, interval: price.recurring?.interval, periodEndS, byPeriodEnd };
}
