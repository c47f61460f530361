/** Credits as people read them: grouped; `exact` shows every milli-credit, otherwise small amounts get more places than large ones. */
export function formatCredits(credits: number, language: string, exact = false): string {
  const places = exact ? 3 : Math.abs(credits) >= 100 ? 0 : Math.abs(credits) >= 10 ? 1 : 2;
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: exact ? places : 0,
    maximumFractionDigits: places,
    roundingMode: 'trunc',
  }).format(credits);
}

/** Rounds up to what is shown: a price must never look lower than it is. */
export function formatPrice(credits: number, language: string): string {
  const places = credits >= 10 ? 0 : credits >= 1 ? 1 : 2;
  return new Intl.NumberFormat(language, {
    maximumFractionDigits: places,
    roundingMode: 'ceil',
  }).format(credits);
}

/** Milliseconds as a short time: `0.42 s`, `3.1초`. Number and unit stay on one line. */
export function formatDuration(ms: number, language: string): string {
  const seconds = new Intl.NumberFormat(language, { maximumFractionDigits: ms >= 1_000 ? 1 : 2 }).format(ms / 1_000);
  return language === 'ko' ? `${seconds}초` : `${seconds}\u00a0s`;
}

/** Few characters, for narrow places; never more than there is: `987`, `7.4천`, `12K`. */
export function formatShort(amount: number, language: string): string {
  return new Intl.NumberFormat(language, {
    notation: 'compact',
    maximumFractionDigits: amount < 10 || (amount >= 1_000 && amount < 10_000) ? 1 : 0,
    roundingMode: 'trunc',
  }).format(amount);
}

/** A day as people say it: `12월 3일`, `Dec 3`; with the year when it is another one. */
export function formatDay(instant: string, language: string, now = new Date()): string {
  const date = new Date(instant);
  return new Intl.DateTimeFormat(language, {
    month: language === 'ko' ? 'long' : 'short',
    day: 'numeric',
    ...(date.getFullYear() !== now.getFullYear() && { year: 'numeric' }),
  }).format(date);
}

/** US dollars, with cents only where there are some. */
export function formatUsd(usd: number, language: string): string {
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: Number.isInteger(usd) ? 0 : 2,
  }).format(usd);
}

/** An amount as the provider counts it, in hundredths of the currency: `$12.50`. */
export function formatMoney(cents: number, currency: string, language: string): string {
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency: currency.toUpperCase(),
    currencyDisplay: 'narrowSymbol',
  }).format(cents / 100);
}

/** Decimal units, as storage is sold: `1 GB`, `320 MB`. Rounded up: what is used is never shown lower. */
export function formatBytes(bytes: number, language: string): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const at = Math.min(Math.max(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 0), units.length - 1);
  const amount = bytes / 1_000 ** at;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: amount < 10 ? 1 : 0, roundingMode: 'ceil' });
  return `${number.format(amount)}\u00a0${units[at] ?? ''}`;
}

/** When it was, as people say it within a week (`3분 전`, `yesterday`), else the day. */
export function formatMoment(instant: string, language: string, now = new Date()): string {
  const seconds = (new Date(instant).getTime() - now.getTime()) / 1_000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['minute', 60],
    ['hour', 3_600],
    ['day', 86_400],
  ];
  const [unit, size] = steps.findLast(([, length]) => Math.abs(seconds) >= length) ?? ['minute', 60];
  if (Math.abs(seconds) >= 7 * 86_400) return formatDay(instant, language, now);
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}
