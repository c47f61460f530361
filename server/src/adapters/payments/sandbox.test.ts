import { expect, test } from 'vitest';
import { makeSandboxWorld, sandboxSecret } from '#test/sandbox-world.ts';
import { all, paymentsContract } from './payments.contract.ts';
import { createSandboxProvider } from './sandbox.ts';

const makeWorld = () => makeSandboxWorld((url) => createSandboxProvider({ url, secret: sandboxSecret }));

paymentsContract(makeWorld);

test('a dispute is told and listed with the payment it is about', async () => {
  const { provider, items, url, pay, deliveries } = await makeWorld();
  const checkout = {
    workspaceId: 'w',
    email: 'a@b.c',
    name: null,
    locale: 'en',
    returnUrl: url,
    customerId: null,
  } as const;
  await pay((await provider.checkout({ ...checkout, variantId: items.pack.id })).url);
  const [order] = await all(provider.listOrders({ updatedSince: new Date(0) }));
  await fetch(`${url}/control/orders/${order!.id}/dispute`, { method: 'POST' });
  const [dispute] = await all(provider.listDisputes({ updatedSince: new Date(0) }));
  expect(dispute).toMatchObject({
    payment: { kind: 'order', id: order!.id },
    status: 'open',
    currency: 'USD',
    amountCents: items.pack.priceCents,
  });
  const [, told] = await deliveries(2);
  expect(provider.translateWebhook(told!.body).object).toEqual({ kind: 'dispute', dispute });
});
