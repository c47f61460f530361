import { describe, expect } from 'vitest';
import { PaymentProviderError } from '#adapters/payments/port.ts';
import { aKeyCaller, aSessionCaller, test } from '#test/app.ts';
import { aShop, type Shop } from '#test/shop.ts';
import { aMemberOf } from '#test/team.ts';
import { sendPlanChanges } from './send-plan-change.ts';

const day = 86_400_000;

async function subscribe(shop: Shop, product = 'starter', interval = 'month', card = 'paid'): Promise<void> {
  const { body } = await shop.bill('POST', '/checkout', { product, interval });
  await shop.sandbox(`${body.url}/pay`, { card });
  await shop.settle();
}

/** What is left of all grants, read past the API: credits are spent by the database's clock, which a test cannot move. */
async function remaining({ db, owner }: Shop): Promise<number> {
  const { rows } = await db.owner.pool.query<{ credits: number }>(
    'select coalesce(sum(remaining), 0)::int8 as credits from credit_grant where workspace_id = $1',
    [owner.workspaceId],
  );
  return Number(rows[0]?.credits) / 1_000;
}

function sendChanges(shop: Shop): { failed: () => number; send: () => Promise<void> } {
  let failed = 0;
  const deps = { db: shop.db.app, payments: shop.payments, clock: shop.clock, log: { error: () => undefined } };
  return { failed: () => failed, send: () => sendPlanChanges({ ...deps, onFailed: () => (failed += 1) }) };
}

describe('a subscription', () => {
  test('is bought on a page of the provider, and its plan and credits arrive with the webhook', async () => {
    const shop = await aShop();
    expect((await shop.bill('GET', '')).body).toMatchObject({ plan: 'free', provider: 'sandbox', subscription: null });
    const { status, body } = await shop.bill('POST', '/checkout', { product: 'pro', interval: 'monthly' });
    expect(status).toBe(200);
    expect((await shop.bill('GET', '')).body.plan, 'a checkout alone gives nothing').toBe('free');
    await shop.sandbox(`${body.url}/pay`, { card: 'paid' });
    await shop.settle();
    expect((await shop.bill('GET', '')).body).toMatchObject({
      plan: 'pro',
      subscription: {
        product: 'pro',
        interval: 'month',
        status: 'active',
        cancelled: false,
        renews_at: expect.stringMatching(/^2026-02-28T/),
        card: { last_four: '4242' },
      },
    });
    expect(await remaining(shop)).toBe(7_500);
    expect((await shop.bill('GET', '/invoices')).body.data).toEqual([
      expect.objectContaining({
        kind: 'subscription',
        reason: 'initial',
        status: 'paid',
        total_cents: 7_500,
        credits: 7_500,
      }),
    ]);
  });

  test('a second one is refused: what one has is changed', async () => {
    const shop = await aShop();
    await subscribe(shop);
    expect(await shop.bill('POST', '/checkout', { product: 'pro', interval: 'month' })).toMatchObject({
      status: 409,
      body: { code: 'already_subscribed', product: 'starter' },
    });
    expect((await shop.bill('POST', '/change', { product: 'starter', interval: 'month' })).body.code).toBe(
      'same_product',
    );
  });

  test('goes up at once: the preview says what the invoice charges and which credits it brings', async () => {
    const shop = await aShop(Date.UTC(2026, 3, 1));
    await subscribe(shop);
    await shop.advance(15 * day);
    const wanted = { product: 'pro', interval: 'month' };
    const { body: preview } = await shop.bill('POST', '/change?preview=true', wanted);
    expect(preview).toMatchObject({ kind: 'upgrade', currency: 'USD', credits_per_month: 7_500 });
    expect((await shop.bill('GET', '')).body.plan, 'a preview changes nothing').toBe('starter');
    expect((await shop.bill('POST', '/change', wanted)).body).toMatchObject({ plan: 'pro', pending_change: null });
    await shop.settle();
    const { data } = (await shop.bill('GET', '/invoices')).body;
    expect(data[0]).toMatchObject({ reason: 'updated', status: 'paid' });
    expect(Math.abs(data[0].total_cents - preview.due_now_cents)).toBeLessThanOrEqual(1);
    // Both count from their own moment; these are seconds apart at most.
    expect(Math.abs(data[0].credits - preview.credits_now)).toBeLessThan(0.1);
    expect(await remaining(shop)).toBeCloseTo(2_500 + Number(data[0].credits), 3);
  });

  test('goes down with the end of what is paid: kept by us, sent an hour before, and taken back as long as it waits', async () => {
    const shop = await aShop(Date.UTC(2026, 3, 1));
    await subscribe(shop, 'pro');
    const wanted = { product: 'starter', interval: 'month' };
    const { body } = await shop.bill('POST', '/change', wanted);
    expect(body).toMatchObject({ plan: 'pro', pending_change: { ...wanted, kind: 'downgrade' } });
    expect(body.pending_change.effective_at).toMatch(/^2026-05-01T/);
    expect((await shop.bill('POST', '/change', { product: 'studio', interval: 'month' })).body.code).toBe(
      'plan_change_pending',
    );
    expect((await shop.bill('DELETE', '/change')).body.pending_change).toBeNull();
    await shop.bill('POST', '/change', wanted);
    const changes = sendChanges(shop);
    await changes.send();
    expect((await shop.bill('GET', '')).body.subscription.product, 'not before its time').toBe('pro');
    await shop.advance(30 * day - 1_800_000);
    await changes.send();
    expect((await shop.bill('GET', '')).body).toMatchObject({
      subscription: { product: 'starter' },
      pending_change: null,
    });
    await shop.advance(day);
    await shop.settle();
    expect((await shop.bill('GET', '/invoices')).body.data[0]).toMatchObject({
      reason: 'renewal',
      total_cents: 2_500,
      credits: 2_500,
    });
    expect(changes.failed()).toBe(0);
  });

  test('a downgrade that the provider does not take is tried again and told of', async () => {
    const shop = await aShop(Date.UTC(2026, 3, 1));
    await subscribe(shop, 'pro');
    await shop.bill('POST', '/change', { product: 'starter', interval: 'month' });
    await shop.advance(30 * day - 3_000_000);
    const provider = shop.payments.get('sandbox')!;
    const change = provider.change.bind(provider);
    provider.change = () => Promise.reject(new PaymentProviderError('unavailable', 'away'));
    const changes = sendChanges(shop);
    await changes.send();
    await changes.send();
    expect(changes.failed(), 'waits before the next try').toBe(1);
    provider.change = change;
    await shop.advance(61_000);
    await changes.send();
    expect((await shop.bill('GET', '')).body.subscription.product).toBe('starter');
  });

  test('is cancelled with what is paid, resumed before that, and over after it', async () => {
    const shop = await aShop(Date.UTC(2026, 3, 1));
    expect((await shop.bill('POST', '/cancel')).body.code).toBe('no_subscription');
    await subscribe(shop);
    expect((await shop.bill('POST', '/cancel')).body.subscription).toMatchObject({ cancelled: true, renews_at: null });
    expect((await shop.bill('POST', '/cancel')).status, 'cancelling twice').toBe(200);
    expect((await shop.bill('POST', '/change', { product: 'pro', interval: 'month' })).body.code).toBe(
      'no_subscription',
    );
    expect((await shop.bill('POST', '/resume')).body.subscription).toMatchObject({
      cancelled: false,
      status: 'active',
    });
    await shop.bill('POST', '/cancel');
    await shop.advance(31 * day);
    await shop.settle();
    expect((await shop.bill('GET', '')).body).toMatchObject({ plan: 'free', subscription: null });
    expect((await shop.bill('POST', '/resume')).body.code).toBe('no_subscription');
  });

  test('has a page for the card, and a document of each payment, of its own workspace only', async () => {
    const shop = await aShop();
    await subscribe(shop);
    expect((await shop.bill('POST', '/portal')).body.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/portal\//);
    const [invoice] = (await shop.bill('GET', '/invoices')).body.data;
    const document = `/invoices/${invoice.invoice_id}/document`;
    expect((await shop.bill('POST', document)).body.url).toMatch(/^http/);
    const stranger = await aSessionCaller(shop.db);
    const theirs = await shop.api.call({ method: 'POST', url: `/api/v1/billing${document}`, as: stranger });
    expect(theirs.json().code).toBe('not_found');
    expect((await shop.bill('POST', '/invoices/nonsense/document')).body.code).toBe('not_found');
  });
});

test('a pack is bought beside any plan, and its credits never expire', async () => {
  const shop = await aShop();
  const { body } = await shop.bill('POST', '/credit-packs', { pack: 'pack_1000' });
  await shop.sandbox(`${body.url}/pay`, { card: 'paid' });
  await shop.settle();
  const { grants } = (await shop.api.call({ method: 'GET', url: '/api/v1/credits', as: shop.owner })).json();
  expect(grants).toEqual([expect.objectContaining({ kind: 'purchase', granted: 1_000, expires_at: null })]);
  expect((await shop.bill('GET', '/invoices')).body.data).toEqual([
    expect.objectContaining({ kind: 'pack', item: 'pack_1000', total_cents: 1_000, credits: 1_000 }),
  ]);
});

test('what cannot be asked for is refused with what to do, and nothing is granted', async () => {
  const shop = await aShop();
  const pro = { product: 'pro', interval: 'month' };
  for (const [path, payload, code] of [
    ['/checkout', { ...pro, product: 'gold' }, 'invalid_request'],
    ['/checkout', { ...pro, product: 'enterprise' }, 'invalid_request'],
    ['/checkout', { ...pro, interval: 'week' }, 'invalid_request'],
    ['/checkout', { ...pro, price: 1 }, 'invalid_request'],
    ['/checkout', { ...pro, custom: 'x'.repeat(300_000) }, 'payload_too_large'],
    ['/credit-packs', { pack: 'pack_1' }, 'invalid_request'],
    ['/change', pro, 'no_subscription'],
    ['/change?preview=true', pro, 'no_subscription'],
    ['/portal', undefined, 'no_subscription'],
  ] as const)
    expect(
      (await shop.bill('POST', path, payload)).body,
      `${path} ${JSON.stringify([payload]).slice(0, 80)}`,
    ).toMatchObject({ code });
  expect(await remaining(shop)).toBe(0);
});

test('money is the matter of a verified owner: not of keys, nor of members', async () => {
  const shop = await aShop();
  const key = await aKeyCaller(shop.db);
  const member = await aMemberOf(shop.db, shop.owner.workspaceId, 'admin');
  const unverified = await aSessionCaller(shop.db, { verified: false });
  const ask = async (as: { headers: Record<string, string> }) =>
    (
      await shop.api.call({ method: 'POST', url: '/api/v1/billing/credit-packs', payload: { pack: 'pack_1000' }, as })
    ).json().code as string;
  expect(await ask(key)).toBe('session_required');
  expect(await ask(member)).toBe('role_not_allowed');
  expect(await ask(unverified)).toBe('email_not_verified');
});

test('a provider that does not answer is said, and so is that there is none', async () => {
  const shop = await aShop();
  const provider = shop.payments.get('sandbox')!;
  provider.checkout = () => Promise.reject(new PaymentProviderError('unavailable', 'away'));
  const ask = () => shop.bill('POST', '/checkout', { product: 'pro', interval: 'month' });
  expect(await ask()).toMatchObject({ status: 503, body: { code: 'payments_unavailable' } });
  (shop.payments as Map<string, unknown>).clear();
  expect((await ask()).body.code).toBe('payments_not_offered');
  expect((await shop.bill('GET', '')).body.provider).toBeNull();
});
