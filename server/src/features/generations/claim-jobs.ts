import { setTimeout as delay } from 'node:timers/promises';
import type { EngineCapabilities } from '#adapters/engine/port.ts';
import type { EngineBreaker } from './engine-breaker.ts';
import { createJobClock, type JobClock } from './job-clock.ts';
import type { RunDeps, AttemptEnd } from './run-generation.ts';
import { runGeneration } from './run-generation.ts';
import type { ClaimedGeneration } from './worker-queue.ts';

export type ClaimJobsDeps = Omit<RunDeps, 'engine' | 'capabilities' | 'clock'> & {
  /** The engine and what it offers now; a job keeps what it began with. */
  offer: () => Pick<RunDeps, 'engine' | 'capabilities'>;
  /** Resolves at the next hint that a job is ready. */
  nextHint: (signal: AbortSignal) => Promise<void>;
  /** Safety net when a hint was lost. */
  pollMs: number;
  onEnd: (claim: ClaimedGeneration, end: AttemptEnd) => void;
  breaker: EngineBreaker;
  /** Called once, when no job came for `afterMs`: a machine that is paid by the hour need not wait for work. */
  idle: { afterMs: number; call: () => void } | null;
};

export type ClaimLoop = {
  /**
   * Stops claiming at once. The running job may finish when it will within `graceMs`; one that will not is handed back now, and one that was thought
   * to but did not, then. Resolves when nothing runs any more. A second call can only shorten the time.
   */
  drain: (graceMs: number) => Promise<void>;
};

/** Claims and runs one job after another. The next claim follows a job at once; otherwise a hint or the poll wakes it. */
export function claimJobs(deps: ClaimJobsDeps): ClaimLoop {
  const stopClaiming = new AbortController();
  const handBack = new AbortController();
  let running: JobClock | undefined;

  const turn = async (): Promise<boolean> => {
    const { engine, capabilities } = deps.offer();
    if (!deps.breaker.mayClaim(performance.now()) || !(await engine.health())) return false;
    const claim = await deps.queue.claim(engine.loadedModel());
    if (!claim) return false;
    // It came while the worker was told to leave: somebody else may start it now.
    if (stopClaiming.signal.aborted) handBack.abort();
    const clock = createJobClock(expectedOf(claim, capabilities, engine.loadedModel()), performance.now());
    running = clock;
    const end = await runGeneration({ ...deps, engine, capabilities, clock }, claim, handBack.signal).finally(
      () => (running = undefined),
    );
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
  const noteIdleness = watchIdleness(deps.idle);
  const loop = (async () => {
    while (!stopClaiming.signal.aborted) {
      const worked = await turn().catch((error: unknown) => {
        deps.log.warn({ err: error }, 'claiming failed; it is tried again');
        return false;
      });
      // Returns at once when claiming was stopped in the meantime.
      noteIdleness(worked);
      if (!worked) await waitForWork();
    }
  })();
  return {
    drain: async (graceMs) => {
      stopClaiming.abort();
      const remainingMs = running?.remainingMs(performance.now()) ?? 0;
      if (remainingMs > graceMs) {
        deps.log.info({ remainingMs, graceMs }, 'the running job would not finish in time and is handed back');
        handBack.abort();
      }
      const timer = setTimeout(() => handBack.abort(), graceMs);
      await loop;
      clearTimeout(timer);
    },
  };
}

/** To be told of every look at the queue, and whether there was work. */
function watchIdleness(idle: ClaimJobsDeps['idle']): (worked: boolean) => void {
  let sinceMs = performance.now();
  let isTold = false;
  return (worked) => {
    if (worked) sinceMs = performance.now();
    if (!idle || isTold || performance.now() - sinceMs < idle.afterMs) return;
    isTold = true;
    idle.call();
  };
}

function expectedOf(
  claim: ClaimedGeneration,
  { models }: EngineCapabilities,
  loaded: string | null,
): { loadMs: number; renderMs: number } {
  const model = models.find(({ id }) => id === claim.model_id);
  // One millisecond is one milli-credit. The free second run of a dead letter has no estimate of its own.
  const pricedMs = claim.expected - claim.surcharge;
  return {
    loadMs: loaded === claim.model_id ? 0 : (model?.loadMs ?? 0),
    renderMs: pricedMs > 0 ? pricedMs : (model?.imageMs ?? 0) * claim.request.count,
  };
}
