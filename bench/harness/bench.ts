/** One measurement of one subject in one round: raw counts, never averaged. */
export type Row = { round: number; subject: string; [figure: string]: number | string };

/** What must hold. `value` is a median over the rounds, or a ratio of medians of the same run. */
export type Must = { what: string; value: number; bound: number; ok: boolean };

export type Result = {
  rows: Row[];
  must: Must[];
  /** What a reader must know: peers that are missing here, sums that were checked. */
  notes: string[];
};

export type Options = {
  /** How often every subject is measured, in turn (default 3). */
  rounds: number;
  /** How much one measurement does; what it counts is the bench's own matter. Missing = the stated size. */
  size: number | undefined;
  /** A line of progress for whoever waits (standard error). */
  say: (line: string) => void;
};

/** A file of `benches/` exports one of these as `bench`; its name there is its name on the command line. */
export type Bench = { summary: string; run: (options: Options) => Promise<Result> };

export const atLeast = (what: string, value: number, bound: number): Must => ({
  what,
  value,
  bound,
  ok: value >= bound,
});
export const atMost = (what: string, value: number, bound: number): Must => ({
  what,
  value,
  bound,
  ok: value <= bound,
});
