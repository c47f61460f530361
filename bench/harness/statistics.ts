import type { Row } from './bench.ts';

/** The value below which the share `p` (0 to 1) of `values` lies (nearest rank). */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

const median = (values: readonly number[]): number => percentile(values, 0.5);

/** The median over the rounds of one figure of one subject; NaN when it was not measured. */
export const medianOf = (rows: readonly Row[], subject: string, figure: string): number =>
  median(rows.filter((row) => row.subject === subject).map((row) => Number(row[figure])));

/** Runs `work` `count` times, `clients` at a time. */
export async function closedLoop(count: number, clients: number, work: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < count) await work(next++);
    }),
  );
}

/** Thousands of a second since the machine's epoch, comparable between processes of this machine. */
export const wallMs = (): number => performance.timeOrigin + performance.now();

/** Two decimals are more than the noise allows. */
export const round2 = (value: number): number => Math.round(value * 100) / 100;
