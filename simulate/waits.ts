import type { Run } from './fleet.ts';

/** Plans from this level on are paid ones. */
const paidLevelMin = 4;

/** How long the started jobs of a run waited, seconds, sorted. */
export type Waits = { started: number; offered: number; paidS: number[]; freeS: number[]; loadShare: number };

export function waitsOf({ starts, offered }: Run): Waits {
  const of = (paid: boolean): number[] =>
    starts
      .filter(({ job }) => job.level >= paidLevelMin === paid)
      .map(({ job, startMs }) => (startMs - job.atMs) / 1_000)
      .sort((a, b) => a - b);
  const loadMs = starts.reduce((sum, start) => sum + start.loadMs, 0);
  const busyMs = starts.reduce((sum, start) => sum + start.loadMs + start.job.runMs, 0);
  return { started: starts.length, offered, paidS: of(true), freeS: of(false), loadShare: loadMs / busyMs };
}

/** The value below which this share of sorted values lies; NaN of none. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
}
