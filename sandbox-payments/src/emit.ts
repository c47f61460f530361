import { disputeResource, invoiceResource, orderResource, type Resource, subscriptionResource } from './resources.ts';
import type { Shop } from './shop.ts';
import type { Dispute, Invoice, Order, Subscription } from './state.ts';

export type Emitted =
  | { kind: 'subscription'; object: Subscription }
  | { kind: 'invoice'; object: Invoice }
  | { kind: 'order'; object: Order }
  | { kind: 'dispute'; object: Dispute };

/** How long deliveries wait for others when they are to be reordered. */
const shuffleMs = 300;

/** Puts an event, with the object as it stands now, on its way to the webhook; what the faults say happens to it here. */
export function emit(shop: Shop, event: string, emitted: Emitted): void {
  const { state, random } = shop;
  const { drop, duplicate, delay_ms: delayMs, reorder } = state.faults;
  if (random() < drop) return;
  const body = writeBody(shop, event, emitted);
  const copies = random() < duplicate ? 2 : 1;
  for (let copy = 0; copy < copies; copy += 1) {
    const dueAt = shop.clockNow() + delayMs + (reorder ? shuffleMs * random() : 0);
    state.deliveries.push({ id: shop.newId(), event, body, dueAt, attempt: 0 });
  }
}

/** Custom data come with orders and subscriptions, as documented, and not with invoices. */
function writeBody(shop: Shop, event: string, { kind, object }: Emitted): string {
  const custom = kind === 'subscription' || kind === 'order' ? object.custom : undefined;
  return JSON.stringify({
    meta: { test_mode: true, event_name: event, ...(custom && { custom_data: custom }) },
    data: resourceOf(shop, { kind, object } as Emitted),
  });
}

function resourceOf(shop: Shop, { kind, object }: Emitted): Resource {
  switch (kind) {
    case 'subscription':
      return subscriptionResource(shop, object);
    case 'invoice':
      return invoiceResource(shop, object);
    case 'order':
      return orderResource(shop, object);
    case 'dispute':
      return disputeResource(object);
  }
}
