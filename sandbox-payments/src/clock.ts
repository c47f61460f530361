import { expire, passPeriod, recover, renew, tryAgain, unpause } from './life.ts';
import { dispute, paymentOf } from './money-back.ts';
import type { Shop } from './shop.ts';
import type { Subscription } from './state.ts';

/** Something that time brings, and when. */
type Due = { at: number; step: () => void };

/** Does everything that has fallen due by now, in the order of its time. */
export function catchUp(shop: Shop): void {
  for (;;) {
    const due = nextDue(shop);
    if (!due || due.at > shop.clockNow()) return;
    shop.standingAt(due.at, due.step);
  }
}

/** Moves the clock forward and does what happens on the way. */
export function advanceClock(shop: Shop, byMs: number): void {
  shop.state.clockOffsetMs += byMs;
  catchUp(shop);
}

export const nextDueAt = (shop: Shop): number | undefined => nextDue(shop)?.at;

function nextDue(shop: Shop): Due | undefined {
  const { subscriptions, plannedDisputes } = shop.state;
  let next: Due | undefined;
  const offer = (at: number | null | undefined, step: () => void): void => {
    if (at != null && (!next || at < next.at)) next = { at, step };
  };
  for (const subscription of Object.values(subscriptions)) offerSteps(shop, subscription, offer);
  for (const planned of plannedDisputes)
    offer(planned.at, () => {
      plannedDisputes.splice(plannedDisputes.indexOf(planned), 1);
      dispute(shop, paymentOf(shop, planned.payment));
    });
  return next;
}

function offerSteps(
  shop: Shop,
  one: Subscription,
  offer: (at: number | null | undefined, step: () => void) => void,
): void {
  if (one.status === 'expired') return;
  if (one.cancelled) {
    offer(one.endsAt, () => expire(shop, one));
    return;
  }
  if (one.pause) {
    offer(one.pause.resumesAt, () => void unpause(shop, one));
    offer(one.periodEnd, () => passPeriod(shop, one));
  } else if (one.dunning)
    offer(one.dunning.nextAt, () => {
      if (shop.state.customers[one.customerId]?.card === 'declined') tryAgain(shop, one);
      else recover(shop, one);
    });
  else offer(one.periodEnd, () => void renew(shop, one));
}
