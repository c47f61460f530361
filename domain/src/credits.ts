import {
  burnOrder,
  expire,
  freeParts,
  instant,
  isOver,
  issue,
  liveGrants,
  move,
  post,
  share,
  sum,
} from './credit-moves.ts';
import type { CreditHold, CreditState, NewGrant, Posting, Step } from './credit-state.ts';
import { periodAt } from './period.ts';

export type * from './credit-state.ts';

/*
 * The rules of credits as pure functions over a value: what SQL does with rows. It shows what a step would do before it is taken, and the
 * property test proves that both agree. It never writes: SQL alone moves credits. Amounts in milli-credits, times in epoch milliseconds.
 */

/** An empty account whose months are counted from `anchorMs`. */
export function openCredits(anchorMs: number): CreditState {
  const period = periodAt(anchorMs, anchorMs);
  return { unlimited: false, anchorMs, period, usedInPeriod: 0, clockGrant: null, grants: [], holds: [], postings: [] };
}

/** What the workspace owns, held or not: the sum of its entries. */
export const balanceOf = (state: CreditState): number => sum(state.grants.map((grant) => grant.remaining));

/** What open holds have reserved. */
export const heldOf = (state: CreditState): number =>
  sum(state.holds.map((hold) => (hold.captured === null ? hold.amount : 0)));

/** What can be held at `nowMs`. */
export const availableOf = (state: CreditState, nowMs: number): number =>
  sum(liveGrants(state, nowMs).map((grant) => grant.remaining - grant.reserved));

/** Brings the account to `nowMs`: every due expiry and every period in between, one by one. All other steps begin with it. */
export function advance(state: CreditState, nowMs: number): CreditState {
  let next = state;
  for (;;) {
    const due = next.grants.filter((grant) => isOver(grant, nowMs) && grant.remaining > grant.reserved);
    const atMs = Math.min(next.period.endMs, ...due.map((grant) => grant.expiresMs ?? Infinity));
    if (atMs > nowMs) return next;
    next = expire(next, atMs, `expiry:${instant(atMs)}`);
    if (next.period.endMs > atMs) continue;
    const period = periodAt(next.anchorMs, atMs);
    next = { ...next, period, usedInPeriod: 0 };
    if (next.clockGrant === null || next.clockGrant === 0) continue;
    const reference = `clock:${instant(period.startMs)}`;
    next = issue(
      next,
      { kind: 'plan', amount: next.clockGrant, reference, effectiveMs: period.startMs, expiresMs: period.endMs },
      nowMs,
    );
  }
}

const findPosting = (state: CreditState, reference: string): Posting | undefined =>
  state.postings.find((posting) => posting.reference === reference);

/** Gives credits; `amount` is what arrived (0 when the reference was used before). What is over already expires at once. */
export function grantCredits(before: CreditState, grant: NewGrant, nowMs: number): Step {
  const state = advance(before, nowMs);
  if (findPosting(state, grant.reference)) return { state, amount: 0 };
  return { state: expire(issue(state, grant, nowMs), nowMs, `expiry:${grant.reference}`), amount: grant.amount };
}

/** Reserves slices of the live grants; `amount` is what is held, 0 without limit, −1 when too little is available. */
export function holdCredits(
  before: CreditState,
  hold: { holdId: string; businessId: string; amount: number },
  nowMs: number,
): Step {
  const state = advance(before, nowMs);
  const same = state.holds.find((other) => other.businessId === hold.businessId);
  if (same) return { state, amount: same.amount };
  const amount = state.unlimited ? 0 : hold.amount;
  if (amount > availableOf(state, nowMs)) return { state, amount: -1 };
  const slices = share(freeParts(liveGrants(state, nowMs)), amount);
  const { unlimited, period } = state;
  const row = { ...hold, amount, unlimited, periodStartMs: period.startMs, slices, captured: null };
  return { state: { ...move(state, 'reserved', 1, slices), holds: [...state.holds, row] }, amount };
}

function endHold(state: CreditState, hold: CreditHold, captured: number): CreditState {
  const holds = state.holds.map((other) => (other === hold ? { ...hold, captured } : other));
  return { ...move(state, 'reserved', -1, hold.slices), holds };
}

function getHold(state: CreditState, holdId: string): CreditHold {
  const hold = state.holds.find((other) => other.holdId === holdId);
  if (!hold) throw new RangeError(`no hold ${holdId}`);
  return hold;
}

/** Ends a hold by paying; `amount` is what was captured (then, when it has ended already). */
export function captureHold(
  before: CreditState,
  capture: { holdId: string; actual: number; generationId: string },
  nowMs: number,
): Step {
  let state = advance(before, nowMs);
  const hold = getHold(state, capture.holdId);
  if (hold.captured !== null) return { state, amount: hold.captured };
  const { holdId, actual, generationId } = capture;
  const captured = hold.unlimited ? actual : Math.min(actual, hold.amount);
  let paid = share(hold.slices, captured);
  state = endHold(state, hold, captured);
  if (hold.unlimited && captured > 0) {
    paid = [{ grant: state.grants.length, amount: captured }];
    const reference = `contract:${holdId}`;
    state = issue(
      state,
      { kind: 'contract', amount: captured, reference, effectiveMs: nowMs, expiresMs: nowMs },
      nowMs,
    );
  }
  if (actual > 0) {
    const sides = { amount: -captured, contra: 'revenue', overrun: actual - captured };
    state = post(state, {
      kind: 'capture',
      reference: `capture:${holdId}`,
      generationId,
      holdId,
      consumption: paid,
      ...sides,
    });
  }
  if (hold.periodStartMs === state.period.startMs) state = { ...state, usedInPeriod: state.usedInPeriod + captured };
  return { state: expire(move(state, 'remaining', -1, paid), nowMs, `expiry:${holdId}`), amount: captured };
}

/** Ends a hold without payment; `amount` is what is no longer held. */
export function releaseHold(before: CreditState, holdId: string, nowMs: number): Step {
  const state = advance(before, nowMs);
  const hold = getHold(state, holdId);
  if (hold.captured !== null) return { state, amount: 0 };
  return { state: expire(endHold(state, hold, 0), nowMs, `expiry:${holdId}`), amount: hold.amount };
}

/** Gives back what a generation cost, the last payer first; `amount` is what was refunded. `null`: all that is left. */
export function refundGeneration(
  before: CreditState,
  refund: { generationId: string; amount: number | null; reference: string },
  nowMs: number,
): Step {
  const state = advance(before, nowMs);
  const { generationId, reference } = refund;
  const earlier = findPosting(state, reference);
  if (earlier) return { state, amount: earlier.amount };
  const mine = state.postings.filter((posting) => posting.generationId === generationId);
  const net = new Map<number, number>();
  for (const part of mine.flatMap((posting) => posting.consumption))
    net.set(part.grant, (net.get(part.grant) ?? 0) + part.amount);
  const payers = state.grants.filter((grant) => net.has(grant.no)).sort((a, b) => burnOrder(b, a));
  const parts = payers.map((grant) => ({ grant: grant.no, amount: net.get(grant.no) ?? 0 }));
  const paid = sum(net.values());
  const amount = Math.max(0, Math.min(refund.amount ?? paid, paid));
  const shares = share(parts, amount);
  const consumption = shares.map((part) => ({ grant: part.grant, amount: -part.amount }));
  let next = post(state, { kind: 'refund', reference, amount, contra: 'refunded', generationId, consumption });
  const holdIds = new Set(mine.map((posting) => posting.holdId));
  if (state.holds.some((hold) => holdIds.has(hold.holdId) && hold.periodStartMs === state.period.startMs)) {
    next = { ...next, usedInPeriod: Math.max(0, next.usedInPeriod - amount) };
  }
  next = move(next, 'remaining', 1, shares);
  return { state: expire(next, nowMs, `expiry:${reference}`), amount };
}

/** Corrects an account by hand; `amount` is what moved: less than was asked for where too little was free to take. */
export function adjustCredits(
  before: CreditState,
  adjustment: { amount: number; reference: string },
  nowMs: number,
): Step {
  const state = advance(before, nowMs);
  const { amount, reference } = adjustment;
  const earlier = findPosting(state, reference);
  if (earlier) return { state, amount: earlier.amount };
  if (amount > 0) {
    const grant = { kind: 'promotional', amount, reference, effectiveMs: nowMs, expiresMs: null } as const;
    return { state: issue(state, grant, nowMs, 'adjustment'), amount };
  }
  const shares = share(freeParts(liveGrants(state, nowMs)), -amount);
  const taken = 0 - sum(shares.map((part) => part.amount));
  const posted = post(state, {
    kind: 'adjustment',
    reference,
    amount: taken,
    contra: 'adjustment',
    consumption: shares,
  });
  return { state: move(posted, 'remaining', -1, shares), amount: taken };
}

/** Takes back of one grant what its payment no longer covers; `amount` is what was taken: what is left of it and not held, at most what was asked. */
export function clawBack(
  before: CreditState,
  claim: { grant: number; amount: number; reference: string },
  nowMs: number,
): Step {
  const state = advance(before, nowMs);
  const { reference } = claim;
  const earlier = findPosting(state, reference);
  if (earlier) return { state, amount: 0 - earlier.amount };
  const shares = share(freeParts(state.grants.filter(({ no }) => no === claim.grant)), Math.max(0, claim.amount));
  const amount = sum(shares.map((part) => part.amount));
  const posting = {
    kind: 'adjustment',
    reference,
    amount: 0 - amount,
    contra: 'adjustment',
    consumption: shares,
  } as const;
  return { state: move(post(state, posting), 'remaining', -1, shares), amount };
}

/** Freezes a grant whose payment is disputed, or thaws it; `amount` is 1 when that changed it. */
export function freezeGrant(before: CreditState, change: { grant: number; frozen: boolean }, nowMs: number): Step {
  const state = advance(before, nowMs);
  const grant = state.grants.find(({ no }) => no === change.grant);
  if (grant === undefined || grant.frozen === change.frozen) return { state, amount: 0 };
  const grants = state.grants.map((each) => (each === grant ? { ...each, frozen: change.frozen } : each));
  return { state: { ...state, grants }, amount: 1 };
}

/** Puts the account on a plan: months are counted anew from `nowMs`; grants of the plan before stay to their own end. */
export function changePlan(
  before: CreditState,
  change: { unlimited: boolean; clockGrant: number | null; grant: number; reference: string },
  nowMs: number,
): Step {
  const state = advance(before, nowMs);
  const { unlimited, clockGrant, grant: amount, reference } = change;
  if (findPosting(state, reference)) return { state, amount: 0 };
  const period = periodAt(nowMs, nowMs);
  const next = { ...state, unlimited, clockGrant, anchorMs: nowMs, period, usedInPeriod: 0 };
  if (amount === 0) return { state: post(next, { kind: 'grant', reference, amount, contra: 'issued:plan' }), amount };
  return {
    state: issue(
      next,
      { kind: 'plan', amount, reference, effectiveMs: period.startMs, expiresMs: period.endMs },
      nowMs,
    ),
    amount,
  };
}
