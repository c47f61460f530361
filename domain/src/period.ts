/** A month of a workspace: [startMs, endMs), epoch milliseconds in UTC. */
export type Period = { startMs: number; endMs: number };

/** The anchor moved by whole months in UTC; a day the month does not have becomes its last day. */
export function addMonths(anchorMs: number, months: number): number {
  const anchor = new Date(anchorMs);
  const year = anchor.getUTCFullYear();
  const month = anchor.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnightMs = Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth(), anchor.getUTCDate());
  return Date.UTC(year, month, Math.min(anchor.getUTCDate(), lastDay)) + (anchorMs - midnightMs);
}

/**
 * The month that contains `atMs`, counted from the instant of sign-up or subscription. Always counted from the anchor, so that 31 January
 * is followed by 28 February and then by 31 March. The SQL function `ledger_period` computes the same.
 */
export function periodAt(anchorMs: number, atMs: number): Period {
  const anchor = new Date(anchorMs);
  const at = new Date(atMs);
  let months = (at.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + at.getUTCMonth() - anchor.getUTCMonth();
  if (addMonths(anchorMs, months) > atMs) months -= 1;
  return { startMs: addMonths(anchorMs, months), endMs: addMonths(anchorMs, months + 1) };
}
