import { setTimeout as delay } from 'node:timers/promises';
import type { EngineBreaker } from './engine-breaker.ts';
import type { RunDeps, AttemptEnd } from './run-generation.ts';
import { runGeneration } from './run-generation.ts';
import type { ClaimedGeneration } from './worker-queue.ts';

export type ClaimJobsDeps = Omit<RunDeps, 'engine' | 'capabilities'> & {
  /** The engine and what it offers now; a job keeps what it began with. */
  offer: () => Pick<RunDeps, 'engine' | 'capabilities'>;
  /** Resolves at the next hint that a job is ready. */
  nextHint: (signal: AbortSignal) => Promise<void>;
  /** Safety net when a hint was lost. */
  pollMs: number;
  onEnd: (claim: ClaimedGeneration, end: AttemptEnd) => void;
  breaker: EngineBreaker;
};

export type ClaimLoop = {
  /** Stops claiming at once; the running job may finish for `graceMs`, then it is handed back. Resolves when nothing runs any more. */
  drain: (graceMs: number) => Promise<void>;
};

/** Claims and runs one job after another. The next claim follows a job at once; otherwise a hint or the poll wakes it. */
export function claimJobs(deps: ClaimJobsDeps): ClaimLoop {
  const stopClaiming = new AbortController();
  const handBack = new AbortController();

  const turn = async (): Promise<boolean> => {
    const { engine, capabilities } = deps.offer();
    if (!deps.breaker.mayClaim(performance.now()) || !(await engine.health())) return false;
    const claim = await deps.queue.claim(engine.loadedModel());
    if (!claim) return false;
    const end = await runGeneration({ ...deps, engine, capabilities }, claim, handBack.signal);
    deps.breaker.attemptEnded(end.engineFailed, performance.now());
    deps.onEnd(claim, end);
    return true;
  };
  const waitForWork = async (): Promise<void> => {
    const woken = new AbortController();
    const signal = AbortSignal.any([stopClaiming.signal, woken.signal]);
    await Promise.race([deps.nextHint(signal), delay(deps.pollMs, undefined, { signal }).catch(() => undefined)]);
    woken.abort();
  };
  const loop = (async () => {
    while (!stopClaiming.signal.aborted) {
      const worked = await turn().catch((error: unknown) => {
        deps.log.warn({ err: error }, 'claiming failed; it is tried again');
        return false;
      });
      // Returns at once when claiming was stopped in the meantime.
      if (!worked) await waitForWork();
    }
  })();
  return {
    drain: async (graceMs) => {
      stopClaiming.abort();
      const timer = setTimeout(() => handBack.abort(), graceMs);
      await loop;
      clearTimeout(timer);
    },
  };
}
