export type Pace = () => Promise<void>;

export type PaceOptions = {
  callsPerMinute: number;
  nowMs: () => number;
  waitMs: (ms: number) => Promise<void>;
};

/** Lets through at most so many calls in any minute; the others wait for their turn, in their order. */
export function createPace({ callsPerMinute, nowMs, waitMs }: PaceOptions): Pace {
  /** When the last calls went, or will go. */
  const turns: number[] = [];
  return async () => {
    const before = turns.length >= callsPerMinute ? turns.shift() : undefined;
    const now = nowMs();
    const turn = Math.max(now, (before ?? -Infinity) + 60_000, turns.at(-1) ?? 0);
    turns.push(turn);
    if (turn > now) await waitMs(turn - now);
  };
}
