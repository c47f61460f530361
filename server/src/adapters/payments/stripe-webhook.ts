import Stripe from 'stripe';
import { z } from 'zod';
import { parse, parseJson } from './parse.ts';
import type { ProviderEvent, ProviderReference, WebhookRequest } from './port.ts';
import { id } from './stripe-objects.ts';

/** How old a signature may be, seconds: each try of a delivery is signed anew. */
const toleranceS = 300;

/** One time and at least one signature. Two headers of one name, which Node joins with a comma, are none. */
const signatureHeader = /^t=\d{1,12}(,v\d=[0-9a-f]{64})+$/;

/** The SDK's check over the bytes, with each secret, so that time does not tell which one it was. */
export function verifyStripe({ headers, body, nowMs }: WebhookRequest, secrets: readonly string[]): boolean {
  const given = headers['stripe-signature'];
  if (typeof given !== 'string' || !signatureHeader.test(given)) return false;
  return secrets.filter((secret) => isSignedWith(secret, given, body, nowMs)).length > 0;
}

function isSignedWith(secret: string, header: string, body: Buffer, nowMs: number): boolean {
  try {
    Stripe.webhooks.constructEvent(body, header, secret, toleranceS, undefined, nowMs);
    return true;
  } catch {
    return false;
  }
}

const Event = z.looseObject({
  id,
  type: z.string().min(1),
  livemode: z.boolean(),
  data: z.looseObject({ object: z.looseObject({ object: z.string() }) }),
});

/** Where an event's object names what it is about, by its type; the event's name is only repeated. */
const fields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  subscription: { id: 'subscription' },
  invoice: { id: 'invoice' },
  invoice_payment: { invoice: 'invoice' },
  payment_intent: { id: 'payment_intent' },
  charge: { payment_intent: 'payment_intent' },
  refund: { payment_intent: 'payment_intent' },
  dispute: { id: 'dispute' },
  'checkout.session': { subscription: 'subscription', payment_intent: 'payment_intent' },
};

/**
 * Reads an event into a reference. Stripe sends several in one second, in no order, in the version of the API that the endpoint was set up with, and without
 * what stands behind ids (card, refunds, payments): only the present state of what they name is worth applying.
 */
export function translateStripe(body: Buffer): ProviderEvent {
  const event = parse(Event, parseJson(body), 'webhook');
  return {
    name: event.type.slice(0, 80),
    deliveryKey: event.id,
    testMode: !event.livemode,
    object: referenceOf(event.data.object),
  };
}

/** What an event's object names, or null when that is nothing we sell by. */
export function referenceOf(object: { object: string; [field: string]: unknown }): ProviderReference | null {
  for (const [field, type] of Object.entries(fields[object.object] ?? {})) {
    const named = id.safeParse(object[field]);
    if (named.success) return { kind: 'reference', type, id: named.data };
  }
  return null;
}
