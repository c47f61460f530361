import { findItem, type SubscriptionItemId } from './catalogue.ts';
import { addMonths, type Period, periodAt } from './period.ts';
import { type ChangeKind, changeKind, monthlyCredits, planItem, upgradeCredits } from './plan-change.ts';

/** What a change of product would do, before it is made. Money in US cents, credits in milli-credits, times in epoch milliseconds. */
export type ChangePreview = {
  kind: ChangeKind;
  /** When it takes effect: at once, or with the end of what is paid. */
  effectiveMs: number;
  /** What the provider charges at once, without taxes; its own count may differ by a cent. */
  dueNowCents: number;
  /** Credits that come at once. */
  creditsNow: number;
  creditsPerMonth: number;
};

/** The paid period around `nowMs` of a subscription that began at `createdMs`: a month or a year, counted from its beginning. */
export function paidPeriod(item: SubscriptionItemId, createdMs: number, nowMs: number): Period {
  const month = periodAt(createdMs, nowMs);
  if (planItem(item).interval === 'month') return month;
  const start = new Date(createdMs);
  let months = (new Date(nowMs).getUTCFullYear() - start.getUTCFullYear()) * 12;
  if (addMonths(createdMs, months) > nowMs) months -= 12;
  return { startMs: addMonths(createdMs, months), endMs: addMonths(createdMs, months + 12) };
}

const priceCents = (item: SubscriptionItemId): number => findItem(item)?.priceCents ?? 0;

/**
 * Previews a change from one product to another at `nowMs`. An upgrade is charged at once: the new price for what is left of the period less what is left of the
 * old one; from the month to the year a new period begins now. A downgrade costs nothing and waits.
 */
export function previewChange(
  from: SubscriptionItemId,
  to: SubscriptionItemId,
  createdMs: number,
  nowMs: number,
): ChangePreview {
  const kind = changeKind(from, to);
  const creditsPerMonth = monthlyCredits(to);
  const period = paidPeriod(from, createdMs, nowMs);
  if (kind !== 'upgrade')
    return {
      kind,
      effectiveMs: kind === 'same' ? nowMs : period.endMs,
      dueNowCents: 0,
      creditsNow: 0,
      creditsPerMonth,
    };
  const [leftMs, lengthMs] = [period.endMs - nowMs, period.endMs - period.startMs];
  const forTheRest = (item: SubscriptionItemId): number =>
    Number((BigInt(priceCents(item)) * BigInt(leftMs)) / BigInt(lengthMs));
  const sameInterval = planItem(from).interval === planItem(to).interval;
  const wanted = sameInterval ? forTheRest(to) : priceCents(to);
  const month = periodAt(createdMs, nowMs);
  return {
    kind,
    effectiveMs: nowMs,
    dueNowCents: Math.max(0, wanted - forTheRest(from)),
    creditsNow: upgradeCredits(monthlyCredits(from), creditsPerMonth, month.endMs - nowMs, month.endMs - month.startMs),
    creditsPerMonth,
  };
}
