import { expect, test } from 'vitest';
import { aServer } from '#test/answering-server.ts';
import { makeStripeWorld, stripeAt } from '#test/stripe/stripe-world.ts';

const error = (type: string, code: string) => ({ error: { type, code, message: 'no' } });

test('a call that failed is made again with the same key; one that is refused is not', async () => {
  const shaky = await aServer((call) =>
    call === 1 ? { status: 500, body: error('api_error', 'x') } : { status: 200 },
  );
  await expect(stripeAt(shaky.url, { retriesMax: 1 }).cancel('sub_1')).rejects.toMatchObject({
    kind: 'unreadable',
  });
  const [first, second] = shaky.calls;
  expect(first?.headers['idempotency-key']).toBeDefined();
  expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
  const strict = await aServer(() => ({ status: 402, body: error('card_error', 'card_declined') }));
  await expect(stripeAt(strict.url, { retriesMax: 1 }).cancel('sub_1')).rejects.toMatchObject({ kind: 'refused' });
  expect(strict.calls).toHaveLength(1);
});

test('no answer, no time, too many calls and broken servers are unavailable; a wrong key is refused, and never repeated to anybody', async () => {
  for (const answer of [
    'hang',
    { status: 503, body: error('api_error', 'x') },
    { status: 429, body: error('rate_limit_error', 'rate_limit') },
  ] as const) {
    const server = await aServer(() => answer);
    await expect(stripeAt(server.url, { timeoutMs: 20 }).fetchOrder('pi_1')).rejects.toMatchObject({
      kind: 'unavailable',
    });
  }
  await expect(stripeAt('http://127.0.0.1:1').fetchOrder('pi_1')).rejects.toMatchObject({ kind: 'unavailable' });
  const { stripe } = await makeStripeWorld();
  const wrong = stripeAt(stripe.url, { secretKey: 'sk_test_wrong' });
  await expect(wrong.fetchOrder('pi_1')).rejects.toMatchObject({
    kind: 'refused',
    message: expect.not.stringContaining('sk_test_wrong'),
  });
});

test('the key says whether it is test or live', () => {
  expect(stripeAt('http://127.0.0.1:1', { secretKey: 'rk_live_1' }).testMode).toBe(false);
  expect(stripeAt('http://127.0.0.1:1', { secretKey: 'sk_test_1' }).testMode).toBe(true);
  expect(() => stripeAt('http://127.0.0.1:1', { secretKey: 'pk_live_1' })).toThrow(/STRIPE_SECRET_KEY/);
});
