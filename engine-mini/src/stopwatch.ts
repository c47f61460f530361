import type { MiniTimings } from './protocol.ts';

export type Stopwatch = {
  /** Runs the work and adds its time to the phase, also when it fails. */
  measure: <T>(phase: keyof MiniTimings, work: () => Promise<T>) => Promise<T>;
  /** The sums so far, in whole microseconds. */
  read: () => MiniTimings;
};

export function startStopwatch(): Stopwatch {
  const sums: MiniTimings = { loadUs: 0, encodeUs: 0, denoiseUs: 0, decodeUs: 0 };
  return {
    async measure(phase, work) {
      const startedAt = performance.now();
      try {
        return await work();
      } finally {
        sums[phase] += Math.round((performance.now() - startedAt) * 1000);
      }
    },
    read: () => ({ ...sums }),
  };
}
