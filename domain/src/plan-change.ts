import { findItem, type BillingInterval, type PaidPlan, type SubscriptionItemId } from './catalogue.ts';
import { type Plan, planOrder, plans } from './plans.ts';

/*
 * What happens to a workspace's plan. Two tables: what a wish for another product does, and which plan a subscription's state gives. Both look at states
 * only, never at the event that told of them, so that any order of news ends the same. Times are epoch milliseconds.
 */

/** `same`: nothing to do. `upgrade`: invoiced at once, more credits now. `downgrade`: kept by us, sent without proration shortly before the period ends. */
export type ChangeKind = 'same' | 'upgrade' | 'downgrade';

type PlanItem = { plan: PaidPlan; interval: BillingInterval };

/** Plan and interval of a subscription's item. Throws `RangeError` for what is no subscription. */
export function planItem(id: SubscriptionItemId): PlanItem {
  const item = findItem(id);
  if (item?.kind !== 'plan') throw new RangeError(`not a subscription: ${id}`);
  return item;
}

/** Paying by the year instead of the month is more of the same plan; the other way round it waits for the end of what is paid. */
export function changeKind(from: SubscriptionItemId, to: SubscriptionItemId): ChangeKind {
  const [before, after] = [planItem(from), planItem(to)];
  const step = planOrder.indexOf(after.plan) - planOrder.indexOf(before.plan);
  if (step !== 0) return step > 0 ? 'upgrade' : 'downgrade';
  if (before.interval === after.interval) return 'same';
  return after.interval === 'year' ? 'upgrade' : 'downgrade';
}

/** How long before the period's end a downgrade is sent to the provider: late enough to be taken back, early enough to be tried again. */
export const downgradeLeadMs = 3_600_000;

/** Credits of a month of an item, milli-credits. */
export function monthlyCredits(id: SubscriptionItemId): number {
  return plans[planItem(id).plan].creditsPerMonth ?? 0;
}

/**
 * What an upgrade invoice brings: floor((new − old) × time left ÷ period), in milli-credits, at least 0. Exact for every amount: the product does not fit
 * into a double. Throws `RangeError` for a period without length.
 */
export function upgradeCredits(old: number, next: number, leftMs: number, periodMs: number): number {
  if (periodMs <= 0) throw new RangeError('a period has a length');
  const left = Math.min(Math.max(0, Math.floor(leftMs)), periodMs);
  if (next <= old) return 0;
  return Number((BigInt(next - old) * BigInt(left)) / BigInt(Math.floor(periodMs)));
}

/** The provider's words for a subscription's state, as our port passes them on. */
export type SubscriptionStatus = 'on_trial' | 'active' | 'paused' | 'past_due' | 'unpaid' | 'cancelled' | 'expired';

export type SubscriptionState = {
  item: SubscriptionItemId;
  status: SubscriptionStatus;
  cancelled: boolean;
  pause: 'void' | 'free' | null;
  /** When it began; the workspace's months are counted from it. */
  createdMs: number;
  /** When access ends or ended; null = no end is known. */
  endsMs: number | null;
};

/**
 * `serving`: the plan is in force. `waiting`: it is not, and may come back (then nothing is given in its place but plan Free). `over`: it has ended.
 * A trial counts as active; past due keeps plan and priority while the provider tries again; a pause that is `free` goes on, one that is `void` stops.
 */
export function serviceOf(subscription: SubscriptionState, nowMs: number): 'serving' | 'waiting' | 'over' {
  const { status, cancelled, pause, endsMs } = subscription;
  if (status === 'expired') return 'over';
  if ((cancelled || status === 'cancelled') && endsMs !== null && endsMs <= nowMs) return 'over';
  if (status === 'unpaid') return 'waiting';
  if (status === 'paused' || pause !== null) return pause === 'free' ? 'serving' : 'waiting';
  return 'serving';
}

/** Enterprise, agreed by contract and set by an operator. */
export type ContractState = { startsMs: number; endsMs: number };

/**
 * The plan that is in force, the instant from which its months are counted, and whether Free credits come with it (not while a subscription may
 * still come back from a pause).
 */
export type PlanInForce = { plan: Plan; anchorMs: number; freeCredits: boolean };

/**
 * Which plan a workspace's subscriptions and contracts give at `nowMs`: the highest that serves, the older of equals. None serving: Free, from the
 * instant at which the last one ended. Null when there never was one: then it is not billing that decides.
 */
export function planInForce(
  subscriptions: readonly SubscriptionState[],
  contracts: readonly ContractState[],
  nowMs: number,
): PlanInForce | null {
  const begun = contracts.filter((contract) => contract.startsMs <= nowMs);
  const contract = begun.find((each) => each.endsMs > nowMs);
  if (contract) return { plan: 'enterprise', anchorMs: contract.startsMs, freeCredits: false };
  const known = subscriptions.map((subscription) => ({
    ...subscription,
    plan: planItem(subscription.item).plan,
    service: serviceOf(subscription, nowMs),
  }));
  const [best] = known
    .filter(({ service }) => service === 'serving')
    .sort((a, b) => planOrder.indexOf(b.plan) - planOrder.indexOf(a.plan) || a.createdMs - b.createdMs);
  if (best) return { plan: best.plan, anchorMs: best.createdMs, freeCredits: false };
  const [waiting] = known.filter(({ service }) => service === 'waiting').sort((a, b) => a.createdMs - b.createdMs);
  if (waiting) {
    return { plan: 'free', anchorMs: waiting.createdMs, freeCredits: waiting.status === 'unpaid' };
  }
  const ends = [
    ...begun.map(({ endsMs }) => endsMs),
    ...known.map(({ endsMs, createdMs }) => Math.min(endsMs ?? createdMs, nowMs)),
  ];
  return ends.length === 0 ? null : { plan: 'free', anchorMs: Math.max(...ends), freeCredits: true };
}
