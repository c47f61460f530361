import type { Row } from './bench.ts';
import { medianOf } from './statistics.ts';

const [width, rowHeight, left, right, top] = [760, 24, 300, 90, 30];

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const short = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : String(Math.round(value * 100) / 100);

/** An SVG of horizontal bars: the median of a figure by subject, and a line from its least to its greatest round. */
export function drawBars(rows: readonly Row[], figure: string): string {
  const subjects = [...new Set(rows.map(({ subject }) => subject))].filter((subject) =>
    rows.some((row) => row.subject === subject && row[figure] !== undefined),
  );
  const valuesOf = (subject: string): number[] =>
    rows.filter((row) => row.subject === subject).map((row) => Number(row[figure]));
  const most = Math.max(...subjects.flatMap(valuesOf));
  const x = (value: number): number => left + (value / most) * (width - left - right);
  const height = top + subjects.length * rowHeight + 8;
  const bars = subjects.map((subject, at) => {
    const middle = top + at * rowHeight + rowHeight / 2;
    const values = valuesOf(subject);
    const [least, median, greatest] = [Math.min(...values), medianOf(rows, subject, figure), Math.max(...values)];
    return [
      `<text x="${left - 8}" y="${middle + 4}" text-anchor="end">${escape(subject)}</text>`,
      `<rect x="${left}" y="${middle - 8}" width="${(x(median) - left).toFixed(1)}" height="16" rx="2" fill="#0f8b7d"/>`,
      `<line x1="${x(least).toFixed(1)}" x2="${x(greatest).toFixed(1)}" y1="${middle}" y2="${middle}" stroke="#222" stroke-width="2"/>`,
      `<text x="${(x(greatest) + 6).toFixed(1)}" y="${middle + 4}">${short(median)}</text>`,
    ].join('');
  });
  const title = `<text x="12" y="18" font-weight="600">${escape(figure.replaceAll('_', ' '))}: median, and least to greatest round</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#444"><rect width="100%" height="100%" fill="#fff"/>${title}${bars.join('')}</svg>\n`;
}
