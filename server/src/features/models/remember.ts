import type { Clock } from '#platform/clock.ts';

/** Reads at most once in `freshMs`, whoever asks meanwhile; a reading that failed is not remembered. */
export function remember<Value>(clock: Clock, freshMs: number, read: () => Promise<Value>): () => Promise<Value> {
  let known: { atMs: number; value: Promise<Value> } | undefined;
  return () => {
    const nowMs = clock.nowMs();
    if (known && nowMs - known.atMs < freshMs) return known.value;
    const entry = { atMs: nowMs, value: read() };
    known = entry;
    entry.value.catch(() => {
      if (known === entry) known = undefined;
    });
    return entry.value;
  };
}
