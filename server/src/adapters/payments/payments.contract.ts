/** What every payment provider must do. A test file of an adapter calls `paymentsContract`. */
import { expect, test } from 'vitest';
import type { PaymentProvider, ProviderObject, ProviderShelf, ShelfItem, WebhookRequest } from './port.ts';

export type World = {
  provider: PaymentProvider & ProviderShelf;
  /** What is sold: two plans of one interval, the second dearer, and a pack. */
  items: { small: ShelfItem; big: ShelfItem; pack: ShelfItem };
  /** The buyer pays at the page of a checkout. */
  pay: (url: string) => Promise<void>;
  /** Waits until so many deliveries have come in all, and gives them. */
  deliveries: (count: number) => Promise<WebhookRequest[]>;
  /** The body of a delivery about a pack, with something in it that cannot be. */
  spoil: (body: string) => string;
};

const workspaceId = '018f0000-0000-7000-8000-000000000001';
const idempotencyKey = (): string => crypto.randomUUID();
const never = { updatedSince: new Date(0) };

/** Everything of a list. */
export async function all<Thing>(list: AsyncIterable<Thing>): Promise<Thing[]> {
  const things: Thing[] = [];
  for await (const thing of list) things.push(thing);
  return things;
}

/** Declares the tests. `makeWorld` gives a new shop with a listener; each test has its own. */
export function paymentsContract(makeWorld: () => Promise<World>): void {
  const setUp = async () => {
    const world = await makeWorld();
    const { provider, items } = world;
    const sold = await provider.syncItems(Object.values(items));
    const variant = (item: ShelfItem): string => sold.find((one) => one.itemId === item.id)!.variantId;
    const buy = async (item: ShelfItem): Promise<void> => {
      const { url } = await provider.checkout({
        variantId: variant(item),
        workspaceId,
        email: 'buyer@example.com',
        name: 'Buyer',
        locale: 'ko',
        returnUrl: 'http://localhost:8000/billing',
        customerId: null,
      });
      await world.pay(url);
    };
    const subscribe = async (item = items.small) => {
      await buy(item);
      const [subscription] = await all(provider.listSubscriptions(never));
      return subscription!;
    };
    const objects = async (count: number): Promise<(ProviderObject | null)[]> => {
      const told = (await world.deliveries(count)).map(({ body }) => provider.translateWebhook(body).object);
      return Promise.all(told.map(async (one) => (one?.kind === 'reference' ? provider.lookUp(one) : one)));
    };
    const invoices = () => all(provider.listInvoices(never));
    const orders = () => all(provider.listOrders(never));
    return { ...world, variant, buy, subscribe, objects, invoices, orders };
  };

  test('a subscription bought at the checkout is told, listed and fetched as the same snapshots', async () => {
    const { provider, items, variant, subscribe, deliveries, objects, invoices } = await setUp();
    const subscription = await subscribe();
    expect(subscription).toMatchObject({
      variantId: variant(items.small),
      status: 'active',
      cancelled: false,
      pause: null,
      testMode: true,
      card: { lastFour: '4242' },
    });
    expect(subscription.renewsAt!.getTime()).toBeGreaterThan(subscription.createdAt.getTime());
    const [invoice] = await invoices();
    expect(invoice).toMatchObject({
      subscriptionId: subscription.id,
      customerId: subscription.customerId,
      reason: 'initial',
      status: 'paid',
      currency: 'USD',
      totalCents: items.small.priceCents,
      refundedCents: 0,
    });
    for (const delivery of await deliveries(4)) expect(provider.verifyWebhook(delivery)).toBe(true);
    const told = await objects(4);
    const toldSubscription = told.find((one) => one?.kind === 'subscription')!;
    expect(toldSubscription.subscription).toEqual({ ...subscription, workspaceId });
    expect(told).toContainEqual({
      kind: 'invoice',
      invoice: { ...invoice!, workspaceId: expect.toBeOneOf([null, workspaceId]) },
    });
    expect(await provider.fetchSubscription(subscription.id)).toEqual(subscription);
    expect(await provider.fetchInvoice(invoice!.id)).toEqual(invoice);
  });

  test('a pack is an order that names its workspace', async () => {
    const { provider, items, variant, buy, objects, orders } = await setUp();
    await buy(items.pack);
    const [order] = await orders();
    expect(order).toMatchObject({ variantId: variant(items.pack), status: 'paid', totalCents: items.pack.priceCents });
    expect(await objects(1)).toContainEqual({ kind: 'order', order: { ...order!, workspaceId } });
    expect(await provider.fetchOrder(order!.id)).toEqual(order);
  });

  test('an upgrade is invoiced at once, a change without proration is not', async () => {
    const { provider, items, variant, subscribe, invoices } = await setUp();
    const { id } = await subscribe();
    const change = (item: ShelfItem, proration: 'invoice_now' | 'none') =>
      provider.change({ subscriptionId: id, variantId: variant(item), proration, idempotencyKey: idempotencyKey() });
    expect((await change(items.big, 'invoice_now')).variantId).toBe(variant(items.big));
    const reasons = async () => (await invoices()).map(({ reason }) => reason).sort();
    expect(await reasons()).toEqual(['initial', 'updated']);
    expect((await change(items.small, 'none')).variantId).toBe(variant(items.small));
    expect(await reasons()).toEqual(['initial', 'updated']);
  });

  test('a cancelled subscription runs out unless it is resumed; twice is once', async () => {
    const { provider, subscribe } = await setUp();
    const { id, renewsAt } = await subscribe();
    const cancelled = await provider.cancel(id);
    expect(cancelled).toMatchObject({ cancelled: true, endsAt: renewsAt });
    expect(await provider.cancel(id)).toEqual(cancelled);
    expect(await provider.resume(id)).toMatchObject({ cancelled: false, status: 'active', endsAt: null, renewsAt });
  });

  test('money goes back in parts, never more than was paid', async () => {
    const { provider, items, buy, subscribe, invoices, orders } = await setUp();
    await buy(items.pack);
    const [order] = await orders();
    await subscribe();
    const [invoice] = await invoices();
    for (const [payment, totalCents] of [
      [{ kind: 'order', id: order!.id }, order!.totalCents],
      [{ kind: 'invoice', id: invoice!.id }, invoice!.totalCents],
    ] as const) {
      const refund = (amountCents: number) =>
        provider.refund({ payment, amountCents, idempotencyKey: idempotencyKey() });
      await expect(refund(totalCents + 1)).rejects.toMatchObject({ kind: 'refused' });
      expect(JSON.stringify(await refund(100))).toContain('"status":"partial_refund"');
      await expect(refund(totalCents)).rejects.toMatchObject({ kind: 'refused' });
      expect(JSON.stringify(await refund(totalCents - 100))).toContain(`"refundedCents":${totalCents}`);
      await expect(refund(1)).rejects.toMatchObject({ kind: 'refused' });
    }
  });

  test('portal and documents are pages that open', async () => {
    const { provider, subscribe, invoices } = await setUp();
    const { id, customerId } = await subscribe();
    const [invoice] = await invoices();
    const portal = await provider.portal({ customerId, subscriptionId: id, returnUrl: 'http://localhost:8000' });
    const document = await provider.document({ kind: 'invoice', id: invoice!.id });
    for (const url of [portal.url, portal.paymentMethodUrl ?? portal.url, document!])
      expect((await fetch(url)).status).toBe(200);
    expect(await provider.document({ kind: 'invoice', id: '999999' })).toBeNull();
  });

  test('what the provider does not know is null, and changing it is not found', async () => {
    const { provider } = await setUp();
    expect(await provider.fetchSubscription('999999')).toBeNull();
    expect(await provider.fetchInvoice('999999')).toBeNull();
    expect(await provider.fetchOrder('999999')).toBeNull();
    await expect(provider.cancel('999999')).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('lists leave out what did not change since', async () => {
    const { provider, items, buy, orders } = await setUp();
    await buy(items.pack);
    const [order] = await orders();
    const since = async (at: number) => all(provider.listOrders({ updatedSince: new Date(at) }));
    expect(await since(order!.updatedAt.getTime())).toHaveLength(1);
    expect(await since(order!.updatedAt.getTime() + 60_000)).toHaveLength(0);
  });

  test('a body that was changed, or a signature that is missing, short, doubled or foreign, is not the provider’s', async () => {
    const { provider, items, buy, deliveries } = await setUp();
    await buy(items.pack);
    const [genuine] = await deliveries(1);
    expect(provider.verifyWebhook(genuine!)).toBe(true);
    const forge = (change: (value: string) => string | string[] | undefined): WebhookRequest => ({
      ...genuine!,
      headers: Object.fromEntries(
        Object.entries(genuine!.headers).map(([name, value]) => [
          name,
          name.includes('signature') && typeof value === 'string' ? change(value) : value,
        ]),
      ),
    });
    for (const forged of [
      { ...genuine!, body: Buffer.concat([genuine!.body, Buffer.from(' ')]) },
      forge(() => undefined),
      forge(() => ''),
      forge((value) => value.slice(0, -1)),
      forge((value) => `${value}, ${value}`),
      forge((value) => [value, value]),
      forge((value) => value.replace(/[0-9a-f]{8}$/, '00000000')),
      forge(() => '한'.repeat(64)),
    ])
      expect(provider.verifyWebhook(forged)).toBe(false);
  });

  test('an event about nothing we know is translated to no object, and rubbish is unreadable', async () => {
    const { provider, items, buy, deliveries, spoil } = await setUp();
    await buy(items.pack);
    const [genuine] = await deliveries(1);
    const body = genuine!.body.toString();
    for (const rubbish of ['', '{', '[]', '{}', 'null', body.replace('"id":', '"di":'), spoil(body)])
      expect(() => provider.translateWebhook(Buffer.from(rubbish)), rubbish).toThrow(
        expect.objectContaining({ kind: 'unreadable' }),
      );
  });

  test('a stored card is charged where the provider can, once per key', async () => {
    const { provider, items, variant, subscribe, orders } = await setUp();
    const { customerId } = await subscribe();
    const before = (await orders()).length;
    const charge = (key: string, customer = customerId) =>
      provider.charge({ customerId: customer, variantId: variant(items.pack), workspaceId, idempotencyKey: key });
    if (provider.canCharge) {
      const order = await charge('one');
      expect(order).toMatchObject({ status: 'paid', workspaceId, totalCents: items.pack.priceCents });
      expect((await charge('one')).id).toBe(order.id);
    } else await expect(charge('one')).rejects.toMatchObject({ kind: 'refused' });
    await expect(charge('two', '999999')).rejects.toMatchObject({ kind: 'refused' });
    expect(await orders()).toHaveLength(before + (provider.canCharge ? 1 : 0));
  });

  test('a price that drifted is refused by name', async () => {
    const { provider, items } = await setUp();
    const dearer = { ...items.big, priceCents: items.big.priceCents + 1 };
    await expect(provider.syncItems([items.small, dearer])).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining(items.big.id),
    });
  });
}
