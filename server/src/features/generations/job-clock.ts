import type { Phase } from '#adapters/engine/port.ts';

/** How much longer a running job takes, as far as its estimate and its own pace tell. */
export type JobClock = {
  progress: (done: { phase: Phase; progress: number }, nowMs: number) => void;
  /** Milliseconds until its last picture is drawn. Rather too long than too short. */
  remainingMs: (nowMs: number) => number;
};

/** From this share on its own pace alone decides; before, the longer of pace and estimate. */
const paceCountsFrom = 0.2;

/** `loadMs`: what its model may take to load; `renderMs`: what the job is expected to compute. */
export function createJobClock(expected: { loadMs: number; renderMs: number }, startedAtMs: number): JobClock {
  let renderedFromMs: number | undefined;
  let done = 0;
  return {
    progress: ({ phase, progress }, nowMs) => {
      if (phase === 'load') return;
      renderedFromMs ??= nowMs;
      done = Math.max(done, Math.min(progress, 1));
    },
    remainingMs: (nowMs) => {
      if (renderedFromMs === undefined) return Math.max(0, expected.loadMs - (nowMs - startedAtMs)) + expected.renderMs;
      const spentMs = nowMs - renderedFromMs;
      const byPlan = Math.max(0, expected.renderMs - spentMs);
      const byPace = done === 0 ? 0 : (spentMs * (1 - done)) / done;
      return done >= paceCountsFrom ? byPace : Math.max(byPlan, byPace);
    },
  };
}
