import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { readDispute, readInvoice, readOrder, readSubscription, Resource } from './lemonsqueezy-objects.ts';
import { parse, parseJson, workspaceOf } from './parse.ts';
import type { ProviderEvent, ProviderObject, WebhookRequest } from './port.ts';

const Delivery = z.looseObject({
  meta: z.looseObject({
    event_name: z.string().min(1),
    test_mode: z.boolean().nullish(),
    custom_data: z.unknown().optional(),
  }),
  data: Resource,
});

/** HMAC-SHA256 over the bytes, as lower-case hex in `X-Signature`. Every secret is tried, so that time does not tell which one it was. */
export function verifyLemonSqueezy({ headers, body }: WebhookRequest, secrets: readonly string[]): boolean {
  const given = headers['x-signature'];
  // Node joins two headers of one name with a comma, which is no hex.
  if (typeof given !== 'string' || !/^[0-9a-f]{64}$/.test(given)) return false;
  const signature = Buffer.from(given, 'hex');
  const matches = secrets.filter((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(body).digest(), signature),
  );
  return matches.length > 0;
}

/** Reads a verified body. What it is about follows from the type of its object; the event's name is only repeated. Throws `unreadable`. */
export function translateLemonSqueezy(body: Buffer): ProviderEvent {
  const { meta, data } = parse(Delivery, parseJson(body), 'webhook');
  const name = meta.event_name.slice(0, 80);
  return {
    name,
    deliveryKey: `${name}:${data.id}:${fingerprint(data)}`,
    testMode: meta.test_mode ?? null,
    object: toObject(data, workspaceOf(meta.custom_data)),
  };
}

/** There is no id of an event: what changes between two of them stands for it. Signed links are left out, they may be drawn anew for each try. */
function fingerprint({ attributes }: Resource): string {
  const told = ['updated_at', 'status', 'variant_id', 'cancelled', 'pause', 'renews_at', 'ends_at', 'refunded_amount'];
  return createHash('sha256')
    .update(JSON.stringify(told.map((key) => attributes[key] ?? null)))
    .digest('hex')
    .slice(0, 32);
}

function toObject(data: Resource, workspaceId: string | null): ProviderObject | null {
  switch (data.type) {
    case 'subscriptions':
      return { kind: 'subscription', subscription: { ...readSubscription(data).object, workspaceId } };
    case 'subscription-invoices':
      return { kind: 'invoice', invoice: { ...readInvoice(data).object, workspaceId } };
    case 'orders':
      return { kind: 'order', order: { ...readOrder(data).object, workspaceId } };
    case 'disputes':
      return { kind: 'dispute', dispute: { ...readDispute(data).object, workspaceId } };
    default:
      return null;
  }
}
