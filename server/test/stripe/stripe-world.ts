import type { World } from '#adapters/payments/payments.contract.ts';
import type { ShelfItem, WebhookRequest } from '#adapters/payments/port.ts';
import { createStripe, type StripeOptions } from '#adapters/payments/stripe.ts';
import { startFakeStripe, stripeKey, stripeSecret } from './fake-stripe.ts';

/** The provider as it talks to whoever listens there, without repeating what fails. */
export const stripeAt = (apiUrl: string, options: Partial<StripeOptions> = {}) =>
  createStripe({ secretKey: stripeKey, apiUrl, webhookSecrets: [stripeSecret], retriesMax: 0, ...options });

/** A fake Stripe on a clock that stands, and the provider that talks to it; for one test. */
export async function makeStripeWorld(): Promise<
  World & { stripe: Awaited<ReturnType<typeof startFakeStripe>>; clock: { ms: number } }
> {
  const item = (id: string, priceCents: number, interval: ShelfItem['interval']): ShelfItem => ({
    id,
    name: `Item ${id}`,
    priceCents,
    interval,
  });
  const clock = { ms: Date.UTC(2026, 2, 31, 9) };
  const received: WebhookRequest[] = [];
  const stripe = await startFakeStripe({
    nowMs: () => clock.ms,
    deliver: (delivery) => received.push({ ...delivery, nowMs: clock.ms }),
  });
  return {
    stripe,
    clock,
    provider: stripeAt(stripe.url, { nowMs: () => clock.ms }),
    items: { small: item('small', 2_500, 'month'), big: item('big', 7_500, 'month'), pack: item('pack', 1_000, null) },
    pay: async (url) => {
      stripe.pay(url);
      return Promise.resolve();
    },
    deliveries: async (count) => {
      if (received.length < count) throw new Error(`${received.length} of ${count} deliveries came`);
      return Promise.resolve(received);
    },
    spoil: (body) => body.replaceAll('"livemode":false', '"livemode":"no"'),
  };
}
