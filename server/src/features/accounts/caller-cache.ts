import type { Clock } from '#platform/clock.ts';

/** The channel on which the database says that somebody's rights changed; whoever listens calls `forget`. */
export const accessChannel = 'pingvas_access';

export type CallerCache = {
  /** The remembered answer for this credential if it is fresh, else a new look-up, shared by all who ask meanwhile. Misses are not kept. */
  find: <T>(key: string, load: () => Promise<T | undefined>) => Promise<T | undefined>;
  forget: () => void;
};

/** A second is the longest that an ended session, a suspension or a lost membership goes unnoticed when no notification arrives. */
const freshMs = 1_000;
const entriesMax = 10_000;

export function createCallerCache(clock: Clock): CallerCache {
  type Entry = { askedAtMs: number; answer: Promise<unknown> };
  let entries = new Map<string, Entry>();
  return {
    async find<T>(key: string, load: () => Promise<T | undefined>): Promise<T | undefined> {
      const nowMs = clock.nowMs();
      const known = entries.get(key);
      // Counted from the question, not the answer: what the database said then may be that old already.
      if (known && nowMs - known.askedAtMs < freshMs) return (await known.answer) as T | undefined;
      const home = entries;
      const drop = (): void => {
        if (home.get(key) === entry) home.delete(key);
      };
      const answer = load();
      const entry: Entry = { askedAtMs: nowMs, answer };
      home.delete(key);
      home.set(key, entry);
      // Maps keep the order of insertion: the first is the oldest.
      if (home.size > entriesMax) home.delete(home.keys().next().value as string);
      try {
        const found = await answer;
        if (found === undefined) drop();
        return found;
      } catch (error) {
        drop();
        throw error;
      }
    },
    forget: () => {
      entries = new Map();
    },
  };
}
