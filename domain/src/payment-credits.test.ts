import { describe, expect, test } from 'vitest';
import { claimedBack, packCredits, type Payment, subscriptionCredits } from './payment-credits.ts';

const hour = 3_600_000;
const day = 24 * hour;
const at = (text: string): number => Date.parse(`${text}T09:00:00Z`);
const anchor = at('2026-01-31');
let count = 0;
const invoice = (item: Payment['item'], createdMs: number, changes: Partial<Payment> = {}): Payment => ({
  id: `in_${String((count += 1))}`,
  item,
  reason: 'renewal',
  status: 'paid',
  currency: 'USD',
  totalCents: 75_00,
  refundedCents: 0,
  createdMs,
  dispute: null,
  ...changes,
});
const brief = (credits: ReturnType<typeof subscriptionCredits>): unknown[] =>
  credits.map(({ part, amount, effectiveMs, expiresMs }) => [
    part,
    amount / 1_000,
    new Date(effectiveMs).toISOString().slice(0, 10),
    expiresMs && new Date(expiresMs).toISOString().slice(0, 10),
  ]);

describe('a subscription by the month', () => {
  test('gets its credits with each paid invoice, for the month the invoice opens, also when that is made hours before', () => {
    const first = invoice('pro_monthly', anchor + 2_000, { reason: 'initial' });
    const second = invoice('pro_monthly', at('2026-02-28') - 11 * hour);
    const third = invoice('pro_monthly', at('2026-03-31') + 3 * day);
    expect(brief(subscriptionCredits(anchor, [third, first, second], at('2026-04-02')))).toEqual([
      ['0', 7_500, '2026-01-31', '2026-02-28'],
      ['0', 7_500, '2026-02-28', '2026-03-31'],
      ['0', 7_500, '2026-03-31', '2026-04-30'],
    ]);
  });

  test('gets nothing for what is not paid, not ours or below nothing', () => {
    for (const changes of [
      { status: 'pending' },
      { status: 'failed' },
      { status: 'void' },
      { currency: 'EUR' },
      { totalCents: -1 },
      { reason: 'other' },
    ] as const) {
      expect(subscriptionCredits(anchor, [invoice('pro_monthly', anchor, changes)], anchor)).toEqual([]);
    }
  });

  test('an upgrade brings the difference for what is left of the month, once the payment before it is known', () => {
    const first = invoice('starter_monthly', anchor, { reason: 'initial', totalCents: 25_00 });
    const upgrade = invoice('pro_monthly', anchor + 14 * day, { reason: 'updated', totalCents: 25_00 });
    const again = invoice('studio_monthly', anchor + 21 * day, { reason: 'updated', totalCents: 19_00 });
    expect(subscriptionCredits(anchor, [upgrade], at('2026-02-20'))).toEqual([]);
    expect(brief(subscriptionCredits(anchor, [again, upgrade, first], at('2026-02-25')))).toEqual([
      ['0', 2_500, '2026-01-31', '2026-02-28'],
      ['0', 2_500, '2026-02-14', '2026-02-28'],
      ['0', 1_875, '2026-02-21', '2026-02-28'],
    ]);
    // The renewal between is not known yet: what the upgrade is an upgrade from neither.
    const later = invoice('pro_monthly', at('2026-03-10'), { reason: 'updated' });
    expect(subscriptionCredits(anchor, [first, later], at('2026-03-11'))).toHaveLength(1);
  });
});

describe('a subscription by the year', () => {
  const yearly = invoice('pro_yearly', anchor, { reason: 'initial', totalCents: 750_00 });

  test('gets twelve months of credits, each when it begins, and the thirteenth with the next invoice', () => {
    expect(subscriptionCredits(anchor, [yearly], anchor)).toHaveLength(1);
    expect(subscriptionCredits(anchor, [yearly], at('2026-02-28') - 1)).toHaveLength(1);
    expect(brief(subscriptionCredits(anchor, [yearly], at('2026-02-28'))).at(-1)).toEqual([
      '2026-02-28',
      7_500,
      '2026-02-28',
      '2026-03-31',
    ]);
    expect(subscriptionCredits(anchor, [yearly], at('2027-06-01'))).toHaveLength(12);
    const second = invoice('pro_yearly', at('2027-01-31') - hour);
    const both = subscriptionCredits(anchor, [yearly, second], at('2030-01-01'));
    expect(both).toHaveLength(24);
    expect(new Set(both.map(({ effectiveMs }) => effectiveMs)).size).toBe(24);
  });

  test('an upgrade in it brings the difference for the rest of the month and for each month that follows', () => {
    const upgrade = invoice('studio_yearly', at('2026-02-14'), { reason: 'updated' });
    const credits = subscriptionCredits(anchor, [yearly, upgrade], at('2027-06-01'));
    const ofUpgrade = credits.filter(({ paymentId }) => paymentId === upgrade.id);
    expect(ofUpgrade.map(({ amount }) => amount / 1_000)).toEqual([3_750, ...Array<number>(11).fill(7_500)]);
  });

  test('a month that becomes a year gets twelve further months, and every month its credits once for all years', () => {
    const monthly = invoice('pro_monthly', anchor, { reason: 'initial' });
    const change = invoice('pro_yearly', at('2026-02-10'), { reason: 'updated', totalCents: 700_00 });
    const renewal = invoice('pro_yearly', at('2027-02-10'), { totalCents: 750_00 });
    const credits = subscriptionCredits(anchor, [monthly, change, renewal], at('2028-01-15'));
    expect(credits.filter(({ paymentId }) => paymentId === change.id)).toHaveLength(12);
    const starts = credits.map(({ effectiveMs }) => effectiveMs);
    expect(new Set(starts).size).toBe(starts.length);
    expect(starts).toHaveLength(1 + 12 + 11);
  });

  test('a year that becomes a month, or ends before its time, brings no month after that', () => {
    const change = invoice('studio_monthly', at('2026-04-10'), { reason: 'updated' });
    const months = subscriptionCredits(anchor, [yearly, change], at('2026-12-31'));
    expect(months.filter(({ paymentId }) => paymentId === yearly.id)).toHaveLength(3);
    expect(subscriptionCredits(anchor, [yearly], at('2027-06-01'), at('2026-04-10'))).toHaveLength(3);
  });
});

describe('money that goes back', () => {
  const order = invoice('pack_5000', anchor, { reason: 'order', totalCents: 45_00 });

  test('a pack brings its credits for ever; the order of a plan brings nothing', () => {
    expect(packCredits(order)).toEqual([
      {
        paymentId: order.id,
        part: '0',
        kind: 'purchase',
        amount: 5_000_000,
        effectiveMs: anchor,
        expiresMs: null,
        backMilli: 0,
        frozen: false,
      },
    ]);
    expect(packCredits({ ...order, item: 'pro_monthly' })).toEqual([]);
    expect(packCredits({ ...order, status: 'fraudulent' })).toEqual([]);
  });

  test.for<[string, Partial<Payment>, number]>([
    ['nothing refunded', {}, 0],
    ['a third, rounded down', { status: 'partial_refund', refundedCents: 15_00 }, 1_666_666],
    ['a refund of which only the amount tells', { refundedCents: 45_00 }, 5_000_000],
    ['all', { status: 'refunded', refundedCents: 45_00 }, 5_000_000],
    ['all, the amount unsaid', { status: 'refunded', refundedCents: 0 }, 5_000_000],
    ['more than was paid', { status: 'partial_refund', refundedCents: 900_00 }, 5_000_000],
    ['less than nothing', { refundedCents: -5 }, 0],
    ['a payment of nothing', { totalCents: 0, refundedCents: 5 }, 0],
    ['a lost dispute', { dispute: 'lost' }, 5_000_000],
    ['an open dispute', { dispute: 'open' }, 0],
  ])('takes back in proportion: %s', ([, changes, back]) => {
    expect(claimedBack({ ...order, ...changes }, 5_000_000)).toBe(back);
  });

  test('a refund of a year takes its share of every month; an open dispute freezes', () => {
    const yearly = invoice('starter_yearly', anchor, {
      reason: 'initial',
      status: 'partial_refund',
      totalCents: 250_00,
      refundedCents: 100_00,
    });
    const credits = subscriptionCredits(anchor, [yearly], at('2026-04-01'));
    expect(credits.map(({ backMilli }) => backMilli)).toEqual([1_000_000, 1_000_000, 1_000_000]);
    expect(packCredits({ ...order, dispute: 'open' })[0]).toMatchObject({ frozen: true, backMilli: 0 });
  });
});
