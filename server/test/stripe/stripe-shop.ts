import { onTestFinished } from 'vitest';
import type { PaymentProvider, ProviderName } from '#adapters/payments/port.ts';
import { syncVariants } from '#features/billing/index.ts';
import { aSessionCaller, createTestApi, type TestApi } from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';
import { applyInbox } from '#test/shop.ts';
import { startFakeStripe } from './fake-stripe.ts';
import { stripeAt } from './stripe-world.ts';

type Delivery = { headers: Record<string, string>; body: Buffer };

/** The API as it is started with `PAYMENTS=stripe` and whoever else is given, on a database that may have seen other providers before. */
export async function aStripeShop(
  db: TestDatabase,
  clock: { nowMs: () => number },
  others: Iterable<[ProviderName, PaymentProvider]> = [],
) {
  const waiting: Delivery[] = [];
  const stripe = await startFakeStripe({ nowMs: clock.nowMs, deliver: (delivery) => waiting.push(delivery) });
  const provider = stripeAt(stripe.url, { nowMs: clock.nowMs });
  await syncVariants(db.admin, provider);
  const payments = new Map<ProviderName, PaymentProvider>([['stripe', provider], ...others]);
  const api = await createTestApi(db, { payments, clock });
  onTestFinished(api.close);
  const owner = await aSessionCaller(db, { plan: 'free', credits: 0 });
  const deliver = ({ headers, body }: Delivery) =>
    api.call({ method: 'POST', url: '/api/v1/webhooks/stripe', headers, payload: body });
  return {
    db,
    api,
    clock,
    payments,
    provider,
    stripe,
    owner,
    deliver,
    bill: billBy(api, owner),
    /** Deliveries that are on their way; a test may take some. */
    waiting,
    /** Delivers the newest first and everything twice, and applies what arrived. */
    settle: async () => {
      const news = waiting.splice(0).reverse();
      for (const delivery of [...news, ...news]) await deliver(delivery);
      await applyInbox({ db, payments, clock });
    },
  };
}

/** Calls of the billing API by an owner. */
export function billBy(api: TestApi, owner: Awaited<ReturnType<typeof aSessionCaller>>) {
  return async (method: 'GET' | 'POST', path: string, payload?: object): Promise<{ status: number; body: any }> => {
    const answer = await api.call({ method, url: `/api/v1/billing${path}`, as: owner, ...(payload && { payload }) });
    return { status: answer.statusCode, body: answer.json() };
  };
}
