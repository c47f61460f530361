/** Collects reasons to look again, for a loop that looks at most every `restMs`. */
export type Wakeups<Reason> = {
  add: (reason: Reason) => void;
  /** Resolves to what was collected, at once when there is something; to an empty list when `end` was called. */
  next: () => Promise<Reason[]>;
  end: () => void;
};

export function createWakeups<Reason>(): Wakeups<Reason> {
  let reasons: Reason[] = [];
  let ended = false;
  let wake: (() => void) | undefined;
  return {
    add: (reason) => {
      reasons.push(reason);
      wake?.();
    },
    next: async () => {
      if (reasons.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
      wake = undefined;
      const taken = reasons;
      reasons = [];
      return taken;
    },
    end: () => {
      ended = true;
      wake?.();
    },
  };
}
