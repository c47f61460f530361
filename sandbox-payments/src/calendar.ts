/** The same day of a later month, clamped to that month's end: 31 January → 28 February → 31 March when `anchorDay` is 31. UTC. */
function addMonths(from: number, months: number, anchorDay: number): number {
  const start = new Date(from);
  const year = start.getUTCFullYear();
  const month = start.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const timeOfDay = from - Date.UTC(year, start.getUTCMonth(), start.getUTCDate());
  return Date.UTC(year, month, Math.min(anchorDay, lastDay)) + timeOfDay;
}

/** The end of a period that begins at `from`. */
export const periodEnd = (from: number, interval: 'month' | 'year' | null, anchorDay: number): number =>
  addMonths(from, interval === 'year' ? 12 : 1, anchorDay);

export const dayOf = (at: number): number => new Date(at).getUTCDate();

export const dayMs = 86_400_000;

/** As Lemon Squeezy writes times. */
export const writeTime = (at: number): string => new Date(at).toISOString().replace('Z', '000Z');
