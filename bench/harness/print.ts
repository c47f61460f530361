import type { Result } from './bench.ts';
import { medianOf, round2 } from './statistics.ts';

/** The result as text: medians over the rounds with their spread, then what must hold. */
export function printResult({
  rows,
  must,
  notes,
  machine,
  versions,
}: Result & {
  machine: Record<string, string | number>;
  versions: Record<string, string>;
}): string {
  const subjects = [...new Set(rows.map(({ subject }) => subject))];
  const width = Math.max(...subjects.map(({ length }) => length));
  const lines = subjects.map((subject) => {
    const own = rows.filter((row) => row.subject === subject);
    const figures = Object.keys(own[0] ?? {}).filter((figure) => figure !== 'subject' && figure !== 'round');
    const texts = figures.map((figure) => {
      const values = own.map((row) => Number(row[figure]));
      return `${figure} ${round2(medianOf(own, subject, figure))} (${round2(Math.min(...values))}–${round2(Math.max(...values))})`;
    });
    return `${subject.padEnd(width)}  ${texts.join('  ')}`;
  });
  return [
    '',
    ...lines,
    '',
    ...must.map(
      ({ what, value, bound, ok }) => `${ok ? 'ok    ' : 'MISSED'} ${what}: ${round2(value)} (bound ${bound})`,
    ),
    ...notes.map((note) => `note   ${note}`),
    `on     ${describe(machine)}`,
    `with   ${describe(versions)}`,
  ].join('\n');
}

const describe = (facts: Record<string, string | number>): string =>
  Object.entries(facts)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
