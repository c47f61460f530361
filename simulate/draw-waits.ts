import { quantile } from './waits.ts';

export type Curve = { name: string; valuesS: readonly number[] };

const [width, height] = [420, 260];
const plot = { left: 56, right: 12, top: 34, bottom: 40 };
const colours = ['#9aa0a6', '#c9853f', '#7a6fb0', '#0f8b7d'];
/** Waits are drawn from 0.5 s to three hours, on a logarithmic axis. */
const [leastS, mostS] = [0.5, 10_800];
const ticks: [number, string][] = [
  [1, '1 s'],
  [10, '10 s'],
  [60, '1 min'],
  [600, '10 min'],
  [3_600, '1 h'],
];

const x = (share: number): number => plot.left + share * (width - plot.left - plot.right);
const y = (seconds: number): number => {
  const at = Math.log(Math.min(mostS, Math.max(leastS, seconds)) / leastS) / Math.log(mostS / leastS);
  return height - plot.bottom - at * (height - plot.top - plot.bottom);
};

function panel(title: string, curves: readonly Curve[], left: number): string {
  const grid = ticks.map(
    ([seconds, label]) =>
      `<line x1="${plot.left}" x2="${width - plot.right}" y1="${y(seconds)}" y2="${y(seconds)}" stroke="#8884"/>` +
      `<text x="${plot.left - 6}" y="${y(seconds) + 4}" text-anchor="end">${label}</text>`,
  );
  const shares = [0, 0.25, 0.5, 0.75, 1].map(
    (share) => `<text x="${x(share)}" y="${height - 22}" text-anchor="middle">${share * 100} %</text>`,
  );
  const lines = curves.map(({ valuesS }, i) => {
    const points = Array.from(
      { length: 101 },
      (_, at) => `${x(at / 100).toFixed(1)},${y(quantile(valuesS, at / 100)).toFixed(1)}`,
    );
    return `<polyline fill="none" stroke="${colours[i]}" stroke-width="2" points="${points.join(' ')}"/>`;
  });
  const names = curves.map(
    ({ name }, i) =>
      `<text x="${plot.left + 8}" y="${plot.top + 12 + 15 * i}" fill="${colours[i]}" font-weight="600">${name}</text>`,
  );
  return `<g transform="translate(${left} 0)"><text x="${plot.left}" y="18" font-weight="600">${title}</text>${[...grid, ...shares, ...lines, ...names].join('')}</g>`;
}

/** An SVG of two panels side by side: the share of jobs (across) that waited at most so long (up), a curve for each policy. */
export function drawWaits(panels: readonly { title: string; curves: readonly Curve[] }[]): string {
  const body = panels.map(({ title, curves }, i) => panel(title, curves, i * width)).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width * panels.length} ${height}" font-family="system-ui, sans-serif" font-size="11" fill="#777"><rect width="100%" height="100%" fill="#fff"/>${body}</svg>\n`;
}
