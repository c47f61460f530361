/** Decides whether a worker may claim. An engine that fails one job after another would use up the attempts of every job in the queue. */
export type EngineBreaker = {
  mayClaim: (nowMs: number) => boolean;
  /** An attempt ended: was it the engine (or the way to its results) that failed? */
  attemptEnded: (failed: boolean, nowMs: number) => void;
};

/** Failures in a row after which the worker rests, and for how long; then one job decides whether it goes on. */
export type BreakerTerms = { failuresMax: number; restMs: number };

export const decidedBreaker: BreakerTerms = { failuresMax: 3, restMs: 30_000 };

/** A circuit breaker: closed, open for `restMs` after `failuresMax` failures in a row, then half open until the next attempt has ended. */
export function createEngineBreaker({ failuresMax, restMs }: BreakerTerms): EngineBreaker {
  let failures = 0;
  let restUntilMs = -Infinity;
  return {
    mayClaim: (nowMs) => nowMs >= restUntilMs,
    attemptEnded: (failed, nowMs) => {
      failures = failed ? failures + 1 : 0;
      if (failures >= failuresMax) restUntilMs = nowMs + restMs;
    },
  };
}
