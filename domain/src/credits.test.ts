import { expect, test } from 'vitest';
import {
  advance,
  availableOf,
  balanceOf,
  captureHold,
  changePlan,
  type CreditState,
  grantCredits,
  heldOf,
  holdCredits,
  openCredits,
  refundGeneration,
  releaseHold,
} from './credits.ts';

const startMs = Date.parse('2026-01-31T00:00:00.000Z');
const dayMs = 86_400_000;

/** An account with 100 of the month (ends on 28 February) and 50 bought. */
function anAccount(clockGrant: number | null = null): CreditState {
  const change = { unlimited: false, clockGrant, grant: 100, reference: 'start' };
  const state = changePlan(openCredits(startMs), change, startMs).state;
  const pack = { kind: 'purchase', amount: 50, reference: 'order', effectiveMs: startMs, expiresMs: null } as const;
  return grantCredits(state, pack, startMs).state;
}
const hold = (state: CreditState, amount: number, nowMs = startMs, holdId = 'h') =>
  holdCredits(state, { holdId, businessId: holdId, amount }, nowMs);
const settle = (state: CreditState, actual: number, nowMs = startMs) =>
  captureHold(state, { holdId: 'h', actual, generationId: 'g' }, nowMs);

test('the month’s credits are spent before the bought ones', () => {
  const { state } = settle(hold(anAccount(), 120).state, 110);
  expect(state.grants.map((grant) => grant.remaining)).toEqual([0, 40]);
});

test('what is held cannot be held again, and what is not there is refused', () => {
  const { state } = hold(anAccount(), 120);
  expect([availableOf(state, startMs), heldOf(state), balanceOf(state)]).toEqual([30, 120, 150]);
  expect(hold(state, 31, startMs, 'other').amount).toBe(-1);
});

test('a hold pays from its grant also after the month has ended, and what it gives back is gone', () => {
  const held = hold(anAccount(), 80).state;
  const { state, amount } = settle(held, 30, startMs + 40 * dayMs);
  expect(amount).toBe(30);
  expect([balanceOf(state), availableOf(state, startMs + 40 * dayMs)]).toEqual([50, 50]);
  expect(state.usedInPeriod).toBe(0);
});

test('a job never costs more than its hold', () => {
  const { state, amount } = settle(hold(anAccount(), 20).state, 999);
  expect(amount).toBe(20);
  expect(state.postings.at(-1)).toMatchObject({ amount: -20, overrun: 979 });
});

test('a settled hold stays settled, a released one released', () => {
  const settled = settle(hold(anAccount(), 20).state, 10).state;
  expect(settle(settled, 20)).toEqual({ state: settled, amount: 10 });
  const released = releaseHold(hold(anAccount(), 20).state, 'h', startMs);
  expect(released.amount).toBe(20);
  expect(settle(released.state, 20).amount).toBe(0);
});

test('a refund goes back to the last payer first, and never beyond what was paid', () => {
  const paid = settle(hold(anAccount(), 120).state, 120).state;
  const part = refundGeneration(paid, { generationId: 'g', amount: 30, reference: 'r1' }, startMs);
  expect(part.state.grants.map((grant) => grant.remaining)).toEqual([10, 50]);
  const rest = refundGeneration(part.state, { generationId: 'g', amount: null, reference: 'r2' }, startMs);
  expect(rest.amount).toBe(90);
  expect(rest.state.usedInPeriod).toBe(0);
});

test('a year nobody looked at has twelve monthly grants, of which the last one is left', () => {
  const state = advance(anAccount(100), startMs + 365 * dayMs);
  expect(state.postings.filter((posting) => posting.reference.startsWith('clock:'))).toHaveLength(12);
  expect(balanceOf(state)).toBe(150);
});

test('Enterprise holds nothing and is billed exactly', () => {
  const contract = { unlimited: true, clockGrant: null, grant: 0, reference: 'contract' };
  const held = hold(changePlan(openCredits(startMs), contract, startMs).state, 5_000);
  expect(held.amount).toBe(0);
  const { state, amount } = settle(held.state, 777);
  expect([amount, balanceOf(state), state.usedInPeriod]).toEqual([777, 0, 777]);
});
