import { describe, expect, test } from 'vitest';
import type { SubscriptionItemId } from './catalogue.ts';
import { changeKind, planInForce, serviceOf, type SubscriptionState, upgradeCredits } from './plan-change.ts';

const at = (text: string): number => Date.parse(`${text}T09:00:00Z`);
const now = at('2026-03-10');
const subscription = (changes: Partial<SubscriptionState> = {}): SubscriptionState => ({
  item: 'pro_monthly',
  status: 'active',
  cancelled: false,
  pause: null,
  createdMs: at('2026-01-31'),
  endsMs: null,
  ...changes,
});

describe('a wish for another product', () => {
  test.for<[SubscriptionItemId, SubscriptionItemId, ReturnType<typeof changeKind>]>([
    ['starter_monthly', 'pro_monthly', 'upgrade'],
    ['starter_monthly', 'studio_yearly', 'upgrade'],
    ['starter_yearly', 'pro_monthly', 'upgrade'],
    ['pro_monthly', 'pro_yearly', 'upgrade'],
    ['pro_monthly', 'pro_monthly', 'same'],
    ['pro_yearly', 'pro_monthly', 'downgrade'],
    ['studio_monthly', 'pro_monthly', 'downgrade'],
    ['studio_monthly', 'starter_yearly', 'downgrade'],
  ])('from %s to %s is: %s', ([from, to, kind]) => {
    expect(changeKind(from, to)).toBe(kind);
  });

  test('an upgrade brings the difference for the time that is left, rounded down, never less than nothing', () => {
    const month = 31 * 86_400_000;
    expect(upgradeCredits(2_500_000, 7_500_000, month / 2, month)).toBe(2_500_000);
    expect(upgradeCredits(2_500_000, 7_500_000, 1, month)).toBe(0);
    expect(upgradeCredits(2_500_000, 7_500_000, month + 5, month)).toBe(5_000_000);
    expect(upgradeCredits(2_500_000, 15_000_000, month - 1, month)).toBe(12_499_999);
    expect(upgradeCredits(7_500_000, 2_500_000, month, month)).toBe(0);
    expect(upgradeCredits(0, 7_500_000, -1, month)).toBe(0);
    expect(() => upgradeCredits(0, 1, 1, 0)).toThrow(RangeError);
  });
});

describe('the state of a subscription gives', () => {
  const pro = { plan: 'pro', anchorMs: at('2026-01-31'), freeCredits: false };
  const free = (from: string, freeCredits: boolean): object => ({ plan: 'free', anchorMs: at(from), freeCredits });
  test.for<[string, Partial<SubscriptionState>, object]>([
    ['active: the plan', {}, pro],
    ['on trial: the plan (its credits come when it is paid)', { status: 'on_trial' }, pro],
    ['past due: the plan, while the provider tries again', { status: 'past_due' }, pro],
    ['cancelled, not ended: the plan', { status: 'cancelled', cancelled: true, endsMs: at('2026-03-31') }, pro],
    [
      'cancelled and ended: Free from that instant',
      { status: 'cancelled', cancelled: true, endsMs: at('2026-02-28') },
      free('2026-02-28', true),
    ],
    ['resumed: the plan', { status: 'active', cancelled: false, endsMs: null }, pro],
    ['paused void: Free without its credits', { status: 'paused', pause: 'void' }, free('2026-01-31', false)],
    ['paused free: the plan', { status: 'paused', pause: 'free' }, pro],
    ['unpaused: the plan, its months as before', { status: 'active', pause: null }, pro],
    ['unpaid: Free', { status: 'unpaid' }, free('2026-01-31', true)],
    ['expired: Free from its end', { status: 'expired', endsMs: at('2026-03-01') }, free('2026-03-01', true)],
  ])('%s', ([, state, expected]) => {
    expect(planInForce([subscription(state)], [], now)).toEqual(expected);
  });

  test('ends_at decides to the millisecond', () => {
    const ending = subscription({ cancelled: true, endsMs: now });
    expect([serviceOf(ending, now - 1), serviceOf(ending, now)]).toEqual(['serving', 'over']);
  });
});

describe('the plan in force', () => {
  test('is nobody’s business here where nothing was ever subscribed', () => {
    expect(planInForce([], [], now)).toBeNull();
    expect(planInForce([], [{ startsMs: now + 1, endsMs: now + 2 }], now)).toBeNull();
  });

  test('is the highest of several subscriptions, such as an old one at another provider; of equals the older', () => {
    const old = subscription({ item: 'starter_yearly', createdMs: at('2025-06-01') });
    expect(planInForce([old, subscription()], [], now)).toMatchObject({ plan: 'pro', anchorMs: at('2026-01-31') });
    const twin = subscription({ createdMs: at('2026-02-01') });
    expect(planInForce([twin, subscription()], [], now)).toMatchObject({ anchorMs: at('2026-01-31') });
    const expired = subscription({ status: 'expired', endsMs: at('2026-02-10') });
    expect(planInForce([old, expired], [], now)).toMatchObject({ plan: 'starter' });
  });

  test('is Enterprise between the two instants of its contract, and the subscription or Free after them', () => {
    const contract = { startsMs: at('2026-02-01'), endsMs: at('2026-05-01') };
    expect(planInForce([], [contract], now)).toEqual({
      plan: 'enterprise',
      anchorMs: contract.startsMs,
      freeCredits: false,
    });
    expect(planInForce([], [contract], contract.endsMs)).toEqual({
      plan: 'free',
      anchorMs: contract.endsMs,
      freeCredits: true,
    });
    expect(planInForce([subscription()], [contract], contract.endsMs - 1)).toMatchObject({ plan: 'enterprise' });
    expect(planInForce([subscription()], [contract], contract.endsMs)).toMatchObject({ plan: 'pro' });
  });
});
