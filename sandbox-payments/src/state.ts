import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CardWord } from './cards.ts';

// Everything the sandbox knows. Times are milliseconds on its own clock; amounts are cents.

/** What can be bought. `interval` null: once. */
export type Variant = { id: string; name: string; priceCents: number; interval: 'month' | 'year' | null };

export type Customer = {
  id: string;
  email: string;
  name: string;
  card: CardWord;
  createdAt: number;
  updatedAt: number;
};

type Custom = Record<string, unknown>;

export type Checkout = {
  id: string;
  variantId: string;
  custom: Custom;
  email: string;
  name: string;
  locale: string | null;
  returnUrl: string;
  /** `confirming`: the bank wants to hear the buyer (3-D Secure). */
  status: 'open' | 'confirming' | 'paid';
  orderId: string | null;
  subscriptionId: string | null;
  createdAt: number;
};

export type SubscriptionStatus = 'active' | 'paused' | 'past_due' | 'unpaid' | 'cancelled' | 'expired';

export type Subscription = {
  id: string;
  customerId: string;
  orderId: string;
  variantId: string;
  custom: Custom;
  status: SubscriptionStatus;
  cancelled: boolean;
  /** The period that is paid, or should be; its end is the next renewal. `anchorDay` keeps the 31st through short months. */
  periodStart: number;
  periodEnd: number;
  anchorDay: number;
  endsAt: number | null;
  pause: { mode: 'void' | 'free'; resumesAt: number | null } | null;
  /** A renewal that could not be charged, and what happens to it next. */
  dunning: { invoiceId: string; tries: number; nextAt: number } | null;
  createdAt: number;
  updatedAt: number;
};

export type Payment = {
  id: string;
  customerId: string;
  totalCents: number;
  refundedCents: number;
  createdAt: number;
  updatedAt: number;
};

export type Invoice = Payment & {
  subscriptionId: string;
  reason: 'initial' | 'renewal' | 'updated';
  status: 'pending' | 'paid' | 'void' | 'refunded' | 'partial_refund';
};

export type Order = Payment & {
  variantId: string;
  custom: Custom;
  status: 'paid' | 'refunded' | 'partial_refund';
  email: string;
};

export type PaymentRef = { kind: 'invoice' | 'order'; id: string };

export type Dispute = {
  id: string;
  customerId: string;
  payment: PaymentRef;
  status: 'open' | 'won' | 'lost';
  amountCents: number;
  createdAt: number;
  updatedAt: number;
};

/** One webhook on its way. `attempt` counts from 0; the fourth failure is the last. */
export type Delivery = { id: string; event: string; body: string; dueAt: number; attempt: number };

export type Faults = {
  /** Chance (0 to 1) that a delivery is made twice, and that an event is never delivered. */
  duplicate: number;
  drop: number;
  delay_ms: number;
  /** Deliveries wait a little for others and leave in any order. */
  reorder: boolean;
};

export type State = {
  version: 1;
  clockOffsetMs: number;
  nextId: number;
  faults: Faults;
  customers: Record<string, Customer>;
  checkouts: Record<string, Checkout>;
  subscriptions: Record<string, Subscription>;
  invoices: Record<string, Invoice>;
  orders: Record<string, Order>;
  disputes: Record<string, Dispute>;
  /** Disputes that a card's holder will open by and by. */
  plannedDisputes: { payment: PaymentRef; at: number }[];
  /** Answers of calls that named an idempotency key. */
  idempotent: Record<string, string>;
  deliveries: Delivery[];
  delivered: number;
  /** Given up after the last attempt, newest last. */
  failed: Delivery[];
};

const noFaults: Faults = { duplicate: 0, drop: 0, delay_ms: 0, reorder: false };

const emptyState = (): State => ({
  version: 1,
  clockOffsetMs: 0,
  nextId: 1,
  faults: { ...noFaults },
  customers: {},
  checkouts: {},
  subscriptions: {},
  invoices: {},
  orders: {},
  disputes: {},
  plannedDisputes: [],
  idempotent: {},
  deliveries: [],
  delivered: 0,
  failed: [],
});

export type StateFile = { state: State; save: () => void };

/** Opens the state of a file, or an empty one that lives in memory when there is no file to be. Throws on a file of another version. */
export function openState(file: string | null): StateFile {
  if (file === null) return { state: emptyState(), save: () => undefined };
  mkdirSync(path.dirname(file), { recursive: true });
  const read = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Omit<State, 'version'> & { version: number })
    : emptyState();
  if (read.version !== 1) throw new Error(`${file} was written by another version: delete it to start anew`);
  const state = read as State;
  return {
    state,
    save: () => {
      // A kill between the two leaves the old file or the new one, never half of one.
      writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}
