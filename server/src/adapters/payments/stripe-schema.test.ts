import { describe, expect, test } from 'vitest';
import { hasStripeMock, startStripeMock } from '#test/stripe/stripe-mock.ts';
import { makeStripeWorld, stripeAt } from '#test/stripe/stripe-world.ts';
import { all } from './payments.contract.ts';

/** Does everything that the provider can, with the fake, and gives the requests that this took. */
async function everyRequest() {
  const { provider, stripe, items } = await makeStripeWorld();
  const sold = await provider.syncItems(Object.values(items));
  const [small, big, pack] = sold.map(({ variantId }) => variantId) as [string, string, string];
  const request = { workspaceId: 'w', email: 'a@b.c', name: null, locale: 'ko', returnUrl: 'https://a.b/c' } as const;
  const buy = async (variantId: string, customerId: string | null = null) =>
    stripe.pay((await provider.checkout({ ...request, variantId, customerId })).url);
  await buy(small);
  const [subscription] = await all(provider.listSubscriptions({ updatedSince: new Date(0) }));
  const { id: subscriptionId, customerId } = subscription!;
  await buy(pack, customerId);
  const [order] = await all(provider.listOrders({ updatedSince: new Date(0) }));
  const [invoice] = await all(provider.listInvoices({ updatedSince: new Date(0) }));
  await buy(pack);
  const change = { subscriptionId, idempotencyKey: 'a' } as const;
  await provider.change({ ...change, variantId: big, proration: 'invoice_now' });
  await provider.change({ ...change, variantId: small, proration: 'none', idempotencyKey: 'b' });
  await provider.cancel(subscriptionId);
  await provider.resume(subscriptionId);
  stripe.alter(subscriptionId, { cancel_at: 2_000_000_000 });
  await provider.resume(subscriptionId);
  await provider.portal({ customerId, subscriptionId, returnUrl: 'https://a.b/c' });
  await provider.charge({ customerId, variantId: pack, workspaceId: 'w', idempotencyKey: 'c' });
  await provider.refund({ payment: { kind: 'order', id: order!.id }, amountCents: 1, idempotencyKey: 'd' });
  await provider.refund({ payment: { kind: 'invoice', id: invoice!.id }, amountCents: 1, idempotencyKey: 'e' });
  await provider.document({ kind: 'order', id: order!.id });
  stripe.dispute(stripe.intentOf(invoice!.id), 'needs_response');
  for (const since of [new Date(0), new Date(Date.UTC(2026, 2, 31))]) {
    await all(provider.listSubscriptions({ updatedSince: since }));
    await all(provider.listInvoices({ updatedSince: since }));
    await all(provider.listOrders({ updatedSince: since }));
    await all(provider.listDisputes({ updatedSince: since }));
  }
  return stripe.calls;
}

describe.skipIf(!(await hasStripeMock()))('by Stripe’s own schema, where stripe-mock is installed', () => {
  test('every request of ours is accepted; one with a word that Stripe does not know is not', async () => {
    const [url, calls] = await Promise.all([startStripeMock(), everyRequest()]);
    expect(new Set(calls.map(({ method, path }) => `${method} ${path.split(/\?|_/)[0]}`)).size).toBeGreaterThan(15);
    const send = ({ method, path, body, headers }: (typeof calls)[number]) => {
      const { authorization, 'content-type': type } = headers as Record<string, string>;
      const said = { authorization: authorization ?? '', ...(body !== '' && { 'content-type': type ?? '' }) };
      return fetch(url + path, { method, headers: said, ...(body !== '' && { body }) });
    };
    const refused: string[] = [];
    for (const call of calls) {
      const answer = await send(call);
      if (answer.status !== 200) refused.push(`${call.method} ${call.path} ${call.body}: ${await answer.text()}`);
    }
    expect(refused).toEqual([]);
    const misspelt = calls.find(({ path }) => path === '/v1/refunds')!;
    expect((await send({ ...misspelt, body: `${misspelt.body}&ammount=1` })).status).toBe(400);
  });

  test('the objects of its fixtures can be read', async () => {
    const provider = stripeAt(await startStripeMock());
    expect(await provider.fetchSubscription('sub_1')).toMatchObject({ id: 'sub_1', testMode: true });
    expect(await provider.fetchInvoice('in_1')).toMatchObject({ id: 'in_1', currency: 'USD' });
    expect(await provider.fetchOrder('pi_1'), 'nothing of ours').toBeNull();
    const since = { updatedSince: new Date(0) };
    expect(await all(provider.listSubscriptions(since))).toHaveLength(1);
    expect(await all(provider.listInvoices(since))).toHaveLength(1);
  });
});
