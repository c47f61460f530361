import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { stripeSecret } from '#test/stripe/fake-stripe.ts';
import { stripeAt } from '#test/stripe/stripe-world.ts';

const payload = '{"id":"evt_1"}';
const signed = (secret: string, timestamp: number) => ({
  headers: { 'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }) },
  body: Buffer.from(payload),
});

test('while a secret is rotated both sign, afterwards the new one alone; without a secret there is no provider', () => {
  const verify = (secrets: string[], by: string) =>
    stripeAt('http://127.0.0.1:1', { webhookSecrets: secrets }).verifyWebhook({
      ...signed(by, 1_000),
      nowMs: 1_000_000,
    });
  expect(['whsec_new', 'whsec_old'].map((by) => verify(['whsec_new', 'whsec_old'], by))).toEqual([true, true]);
  expect(['whsec_new', 'whsec_old'].map((by) => verify(['whsec_new'], by))).toEqual([true, false]);
  expect(() => stripeAt('http://127.0.0.1:1', { webhookSecrets: [] })).toThrow(/secret/);
});

test('a delivery that was caught and is sent again after five minutes is refused', () => {
  const verify = (nowMs: number) =>
    stripeAt('http://127.0.0.1:1').verifyWebhook({ ...signed(stripeSecret, 1_000), nowMs });
  expect([1_000_000, 1_300_000, 1_301_000].map(verify)).toEqual([true, true, false]);
});

test('events name what they are about by their object, whatever their own name; others name nothing', () => {
  const translate = (object: object, livemode = false) =>
    stripeAt('http://127.0.0.1:1').translateWebhook(
      Buffer.from(JSON.stringify({ id: 'evt_1', type: 'x.dreamt', livemode, data: { object }, new_field: [1] })),
    );
  for (const [object, type, id] of [
    [{ object: 'subscription', id: 'sub_1' }, 'subscription', 'sub_1'],
    [{ object: 'invoice', id: 'in_1' }, 'invoice', 'in_1'],
    [{ object: 'invoice_payment', id: 'inpay_1', invoice: 'in_1' }, 'invoice', 'in_1'],
    [{ object: 'charge', id: 'ch_1', payment_intent: 'pi_1' }, 'payment_intent', 'pi_1'],
    [{ object: 'refund', id: 're_1', payment_intent: 'pi_1' }, 'payment_intent', 'pi_1'],
    [{ object: 'dispute', id: 'dp_1', payment_intent: 'pi_1' }, 'dispute', 'dp_1'],
    [{ object: 'checkout.session', id: 'cs_1', subscription: 'sub_1', payment_intent: null }, 'subscription', 'sub_1'],
    [{ object: 'checkout.session', id: 'cs_1', subscription: null, payment_intent: 'pi_1' }, 'payment_intent', 'pi_1'],
  ] as const)
    expect(translate(object)).toEqual({
      name: 'x.dreamt',
      deliveryKey: 'evt_1',
      testMode: true,
      object: { kind: 'reference', type, id },
    });
  for (const object of [
    { object: 'customer', id: 'cus_1' },
    { object: 'charge', id: 'ch_1', payment_intent: null },
  ])
    expect(translate(object, true)).toMatchObject({ testMode: false, object: null });
});
