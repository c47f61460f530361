/** A time as people say it in their own zone: `11월 3일 오후 2:20`. */
export const formatMoment = (time: string, language: string): string =>
  new Intl.DateTimeFormat(language, { month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' }).format(
    new Date(time),
  );

/** The month a time lies in, in the reader's zone: `2026년 11월`. One formatter serves a whole list. */
export function monthFormat(language: string): (time: string) => string {
  const format = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long' });
  return (time) => format.format(new Date(time));
}
