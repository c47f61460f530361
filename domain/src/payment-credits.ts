import { catalogueCurrency, findItem, type ItemId, type SubscriptionItemId } from './catalogue.ts';
import { addMonths, periodAt } from './period.ts';
import { monthlyCredits, planItem, upgradeCredits } from './plan-change.ts';

/*
 * Which credits a workspace's payments have earned, as a function of what the payments are now. Amounts in milli-credits, money in cents, times in epoch
 * milliseconds. Whoever applies the result keeps each part once by (payment, part); the same payments give the same parts, however the news came.
 */

/** One payment of a subscription (invoice) or of a pack (order). */
export type Payment = {
  id: string;
  item: ItemId;
  /** `order`: a one-off purchase. */
  reason: 'initial' | 'renewal' | 'updated' | 'other' | 'order';
  status: 'pending' | 'paid' | 'failed' | 'void' | 'refunded' | 'partial_refund' | 'fraudulent';
  currency: string;
  totalCents: number;
  refundedCents: number;
  createdMs: number;
  /** `open`: the bank is asking; what the payment bought is frozen. `lost`: like a full refund. */
  dispute: 'open' | 'lost' | null;
};

/** Credits that a payment brings: `part` tells the months of a year apart. `backMilli` of `amount` is to be taken back (what is unused of it). */
export type PaymentCredits = {
  paymentId: string;
  part: string;
  kind: 'plan' | 'purchase';
  amount: number;
  effectiveMs: number;
  expiresMs: number | null;
  backMilli: number;
  frozen: boolean;
};

/** An invoice made a little before its period begins belongs to that period. */
const leadMs = 12 * 3_600_000;

const moneyCame = new Set<Payment['status']>(['paid', 'refunded', 'partial_refund']);

/** Whether a payment brings anything: money of our currency that came. A total below nothing is no payment. */
export const earns = (payment: Payment): boolean =>
  moneyCame.has(payment.status) && payment.currency === catalogueCurrency && payment.totalCents >= 0;

/** How much of `amount` a payment's refunds take back: in proportion, rounded in the customer's favour; all of it for a lost dispute. */
export function claimedBack(payment: Payment, amount: number): number {
  const { totalCents, status, dispute } = payment;
  if (dispute === 'lost' || status === 'refunded') return amount;
  const refunded = Math.min(Math.max(0, payment.refundedCents), totalCents);
  return totalCents === 0 ? 0 : Number((BigInt(amount) * BigInt(refunded)) / BigInt(totalCents));
}

function creditsOf(
  payment: Payment,
  credits: Pick<PaymentCredits, 'part' | 'kind' | 'amount' | 'effectiveMs' | 'expiresMs'>,
): PaymentCredits {
  return {
    paymentId: payment.id,
    ...credits,
    backMilli: claimedBack(payment, credits.amount),
    frozen: payment.dispute === 'open',
  };
}

/** What an order brings: the credits of a pack, for ever. An order of a plan brings nothing: its invoices do. */
export function packCredits(order: Payment): PaymentCredits[] {
  const item = findItem(order.item);
  if (item?.kind !== 'pack' || !earns(order)) return [];
  const { credits: amount } = item;
  return [creditsOf(order, { part: '0', kind: 'purchase', amount, effectiveMs: order.createdMs, expiresMs: null })];
}

type PlanPayment = Payment & { item: SubscriptionItemId };
const isPlanPayment = (payment: Payment): payment is PlanPayment => findItem(payment.item)?.kind === 'plan';

/** The start of the year or month that a payment pays for, and where it ends. */
type Term = { payment: PlanPayment; endMs: number; yearly: boolean };

/**
 * What the invoices of one subscription bring until `nowMs`. `anchorMs` = when it began, from which its months are counted; `endMs` = when it ended before
 * its time, after which no further month of a year comes.
 *
 * - initial, renewal: the plan's credits for the month that contains the invoice; by the year also for each month that begins within the year.
 * - updated: the difference for what is left of the month, and for each further month that begins within what is paid; changing from month to year begins a
 *   year. It waits until the payment before it is known.
 */
export function subscriptionCredits(
  anchorMs: number,
  invoices: readonly Payment[],
  nowMs: number,
  endMs: number | null = null,
): PaymentCredits[] {
  const paid = invoices
    .filter(isPlanPayment)
    .filter((invoice) => invoice.reason !== 'other' && earns(invoice))
    .sort((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1));
  const terms = termsOf(anchorMs, paid, endMs);
  return paid.flatMap((invoice, index) => {
    const isBase = terms.some((term) => term.payment === invoice);
    const before = isBase && invoice.reason !== 'updated' ? null : paid[index - 1];
    const term = terms.findLast((each) => each.payment.createdMs <= invoice.createdMs);
    if (!term || before === undefined) return [];
    if (before !== null && !isBase && invoice.createdMs >= term.endMs) return [];
    return invoiceCredits({ anchorMs, invoice, before, term, nowMs });
  });
}

/** The terms that are paid for, in order. A term ends with the next one's beginning, if that is sooner. */
function termsOf(anchorMs: number, paid: readonly PlanPayment[], endMs: number | null): Term[] {
  const bases = paid.filter((invoice, index) => {
    if (invoice.reason !== 'updated') return true;
    const before = paid[index - 1];
    return before !== undefined && planItem(before.item).interval !== planItem(invoice.item).interval;
  });
  return bases.map((payment, index) => {
    const yearly = planItem(payment.item).interval === 'year';
    const ownEnd = yearly
      ? addMonths(payment.createdMs, 12) - leadMs
      : periodAt(anchorMs, payment.createdMs + leadMs).endMs;
    const next = bases[index + 1];
    // A renewal belongs to the month it opens, also when it is made some hours before.
    const nextStart = next === undefined ? Infinity : next.createdMs - (next.reason === 'updated' ? 0 : leadMs);
    return { payment, yearly, endMs: Math.min(ownEnd, nextStart, endMs ?? Infinity) };
  });
}

function invoiceCredits(sale: {
  anchorMs: number;
  invoice: PlanPayment;
  /** The payment before an upgrade; null for initial and renewal. */
  before: PlanPayment | null;
  term: Term;
  nowMs: number;
}): PaymentCredits[] {
  const { anchorMs, invoice, before, term, nowMs } = sale;
  const next = monthlyCredits(invoice.item);
  const old = before === null ? 0 : monthlyCredits(before.item);
  const isOwnTerm = term.payment === invoice;
  const parts: PaymentCredits[] = [];
  const addMonth = (part: string, amount: number, effectiveMs: number, expiresMs: number): unknown =>
    parts.push(creditsOf(invoice, { part, kind: 'plan', amount, effectiveMs, expiresMs }));

  let month = periodAt(anchorMs, before === null ? invoice.createdMs + leadMs : invoice.createdMs);
  // A year that began in the middle of a month has had that month's credits from the year before.
  const isSecondYear = term.yearly && invoice.reason === 'renewal' && month.startMs < invoice.createdMs - leadMs;
  if (before !== null) {
    const amount = upgradeCredits(old, next, month.endMs - invoice.createdMs, month.endMs - month.startMs);
    addMonth('0', amount, invoice.createdMs, month.endMs);
  } else if (!isSecondYear) addMonth('0', next, month.startMs, month.endMs);
  if (term.yearly) {
    const amount = isOwnTerm ? next : Math.max(0, next - old);
    month = periodAt(anchorMs, month.endMs);
    while (month.startMs < term.endMs && month.startMs <= nowMs) {
      addMonth(new Date(month.startMs).toISOString().slice(0, 10), amount, month.startMs, month.endMs);
      month = periodAt(anchorMs, month.endMs);
    }
  }
  return parts.filter(({ amount }) => amount > 0);
}
