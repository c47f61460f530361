import type { Period } from './period.ts';

/** Amounts in milli-credits, times in epoch milliseconds. */
export type GrantKind = 'plan' | 'promotional' | 'purchase' | 'contract';

/** `no` counts grants in the order of their issue; `reserved` is the part of `remaining` that open holds have taken. */
export type CreditGrant = {
  no: number;
  kind: GrantKind;
  granted: number;
  remaining: number;
  reserved: number;
  effectiveMs: number;
  expiresMs: number | null;
  createdMs: number;
  /** Its payment is disputed: nothing new is held in it. */
  frozen: boolean;
};

export type CreditHold = {
  holdId: string;
  businessId: string;
  amount: number;
  unlimited: boolean;
  periodStartMs: number;
  slices: readonly { grant: number; amount: number }[];
  /** `null` while open; 0 when released. */
  captured: number | null;
};

/** One transaction: `amount` on the workspace's side (+ in, − out), its opposite on `contra`, `overrun` from adjustment to revenue. */
export type Posting = {
  kind: 'grant' | 'capture' | 'expiry' | 'refund' | 'adjustment';
  reference: string;
  amount: number;
  contra: string;
  overrun: number;
  generationId: string | null;
  holdId: string | null;
  /** Which grants paid (+) or got back (−). */
  consumption: readonly { grant: number; amount: number }[];
};

export type CreditState = {
  /** Plan Enterprise: nothing is held, usage is granted as it is consumed. */
  unlimited: boolean;
  anchorMs: number;
  period: Period;
  usedInPeriod: number;
  /** What the clock grants at the start of each period. */
  clockGrant: number | null;
  grants: readonly CreditGrant[];
  holds: readonly CreditHold[];
  postings: readonly Posting[];
};

/** What a step returns: the account after it, and the amount that moved (the meaning is the step's). */
export type Step = { state: CreditState; amount: number };

/** A grant to give; `expiresMs` null: it never expires. */
export type NewGrant = {
  kind: GrantKind;
  amount: number;
  reference: string;
  effectiveMs: number;
  expiresMs: number | null;
};
