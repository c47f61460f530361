import { billedMilli } from '@pingvas/domain';
import type { Logger } from 'pino';
import {
  type Engine,
  type EngineCapabilities,
  EngineError,
  type GenerateProgress,
  type GenerateResult,
  type PhaseTimings,
} from '#adapters/engine/port.ts';
import type { Pictures } from '#adapters/pictures/port.ts';
import type { Storage } from '#adapters/storage/index.ts';
import { type AttemptControl, createAttemptControl } from './attempt-control.ts';
import { generateSparingly } from './generate-sparingly.ts';
import type { JobClock } from './job-clock.ts';
import { storeImages } from './store-images.ts';
import { type Lease, keepLease, type LeaseTiming } from './keep-lease.ts';
import { type ClaimedGeneration, type Settlement, type WorkerQueue } from './worker-queue.ts';
import { judgeReproduction } from './reproduction.ts';
import type { SettleAnswer } from './generations.queries.ts';
import { attemptIdOf, toSpec } from './to-spec.ts';

export type RunDeps = {
  queue: WorkerQueue;
  engine: Engine;
  capabilities: EngineCapabilities;
  storage: Storage;
  pictures: Pictures;
  log: Logger;
  timing: LeaseTiming;
  clock: JobClock;
  /** Registers whom to call when the owner of a running job cancels it; returns how to unregister. */
  onCancelHint: (generationId: string, heard: () => void) => () => void;
};

/** How an attempt ended, for the worker's metrics. `lost` wrote nothing: another attempt has the job. */
export type AttemptEnd = {
  outcome: Settlement['outcome'] | 'lost';
  timings: PhaseTimings;
  /** The engine failed, or its result could not be brought home: neither the job nor its user is to blame. */
  engineFailed: boolean;
};

/** Out of memory, missing models and refused requests speak of the job. */
const engineFailures = new Set<string | undefined>([
  'engine_crashed',
  'engine_unreachable',
  'engine_timeout',
  'engine_bad_output',
  'engine_failed',
]);

const noTimings: PhaseTimings = { loadUs: 0, encodeUs: 0, denoiseUs: 0, decodeUs: 0 };

/**
 * Runs one claimed job to its settlement: render, verify, store, settle. Objects are written before the settling transaction, under
 * keys of this attempt, so a crash in between leaves orphans (swept later) and never an unpaid picture or a paid nothing.
 * Never throws for what an engine, the storage or a user does; `drain` hands the job back without counting the attempt.
 */
export async function runGeneration(deps: RunDeps, claim: ClaimedGeneration, drain: AbortSignal): Promise<AttemptEnd> {
  const control = createAttemptControl();
  const log = deps.log.child({ job: claim.generation_id, attempt: claim.attempt });
  const lease = keepLease({ ...deps, log }, claim, control);
  // The hint makes a cancel fast; the lease's own beat hears of it anyway.
  const forgetHint = deps.onCancelHint(claim.generation_id, () => control.stop('cancel'));
  const timeout = setTimeout(() => control.stop('timeout'), claim.timeout_ms);
  const onDrain = (): void => control.stop('drain');
  drain.addEventListener('abort', onDrain, { once: true });
  if (drain.aborted) onDrain();
  let timings = noTimings;
  // How memory was spared, for the receipt.
  const rungs: string[] = [];
  const onRung = (said: string): void => {
    log.warn({ rung: said }, 'the device ran out of memory; the next try needs less');
    rungs.push(said);
    timings = noTimings;
  };
  const onProgress = (progress: GenerateProgress): void => {
    timings = progress.timings;
    deps.clock.progress(progress, performance.now());
    lease.progress(progress);
  };
  try {
    // The limit covers the storage too: no hold stays open much longer than the attempt may take.
    const settlement = await withinGrace(
      attempt(deps, claim, control, { onProgress, onRung }),
      control,
      storeGraceMs,
    ).catch((error: unknown) => failure(error, control, timings, log));
    if (rungs.length > 0) settlement.why += `; ran out of memory before, free: then ${rungs.join(', ')}`;
    const memory = memoryLesson(settlement, deps.capabilities);
    if (control.reason() === 'lease_lost') {
      log.warn('the lease was lost; another attempt has the job and this one records nothing');
      return { outcome: 'lost', timings, engineFailed: false };
    }
    const settled = await settleSurely(deps, lease, { ...settlement, ...memory });
    log.info({ outcome: settlement.outcome, status: settled?.status, charged: settled?.charged }, 'attempt ended');
    return {
      outcome: settled ? settlement.outcome : 'lost',
      timings,
      engineFailed: engineFailures.has(settlement.errorCode),
    };
  } finally {
    clearTimeout(timeout);
    forgetHint();
    drain.removeEventListener('abort', onDrain);
    await lease.end();
    await forgetAttempt(deps, claim, log);
  }
}

/** After the settlement, or the loss of the lease, nothing of a tenant may stay in the engine. What cannot be deleted now goes with the engine's own sweep. */
async function forgetAttempt({ engine }: RunDeps, claim: ClaimedGeneration, log: Logger): Promise<void> {
  try {
    await engine.forget?.(attemptIdOf(claim));
  } catch (error) {
    log.warn({ err: error }, 'the engine could not be told to forget the attempt');
  }
}

async function attempt(
  deps: RunDeps,
  claim: ClaimedGeneration,
  control: AttemptControl,
  told: { onProgress: (progress: GenerateProgress) => void; onRung: (said: string) => void },
): Promise<Settlement> {
  const spec = await toSpec(deps, claim);
  const rendering = generateSparingly(deps.engine, spec, { signal: control.signal, ...told });
  const result = await withinGrace(rendering, control, stopGraceMs);
  const reason = control.reason();
  if (result.cancelled) {
    // A user's cancel keeps and pays what is finished; every other stop is ours and free.
    if (reason !== 'cancel') throw new StoppedError();
  } else if (result.images.length !== claim.request.count) {
    throw new EngineError('engine_bad_output', `asked for ${claim.request.count} images, got ${result.images.length}`, {
      retry: true,
    });
  }
  const { images, recipeSha256, uploadUs } = await storeImages(deps, claim, result.images);
  const reproduction = await judgeReproduction(deps, claim, result.images[0]?.png);
  return {
    ...delivery(result, uploadUs),
    images,
    ...(recipeSha256 !== undefined && { recipeSha256 }),
    ...(reproduction && { reproduction }),
  };
}

/** The engine hears of the stop by the signal; one that does not react within this time is treated as hung. A machine that leaves has less of it. */
const stopGraceMs = 10_000;
const leaveGraceMs = 1_500;

/** What is finished when the stop comes may still be stored in this time; a storage that takes longer is treated as hung. */
const storeGraceMs = 30_000;

/** The work's own result, unless it goes on for longer than the grace after the attempt was told to stop. Throws `StoppedError` then. */
async function withinGrace<Result>(work: Promise<Result>, control: AttemptControl, graceMs: number): Promise<Result> {
  const hung = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const onStop = (): void => {
    const waitMs = control.reason() === 'drain' ? leaveGraceMs : graceMs;
    timer = setTimeout(() => hung.reject(new StoppedError()), waitMs);
  };
  control.signal.addEventListener('abort', onStop, { once: true });
  if (control.signal.aborted) onStop();
  try {
    return await Promise.race([work, hung.promise]);
  } finally {
    clearTimeout(timer);
    control.signal.removeEventListener('abort', onStop);
  }
}

function delivery(result: GenerateResult, uploadUs: number): Omit<Settlement, 'images'> {
  return {
    outcome: result.cancelled ? 'cancelled' : 'succeeded',
    counts: true,
    timings: { ...result.timings, uploadUs },
    billed: billedMilli(result.timings),
    why: result.cancelled
      ? 'cancelled while running: computed so far'
      : 'encode + denoise + decode; load and upload are free',
  };
}

/** What this device taught about the memory that a request like this needs. */
function memoryLesson(
  { outcome, errorCode }: Settlement,
  { deviceMemoryBytes: bytes }: EngineCapabilities,
): Pick<Settlement, 'memoryMoreThan' | 'memoryFitted'> {
  if (bytes === null) return {};
  if (errorCode === 'engine_out_of_memory') return { memoryMoreThan: bytes };
  return outcome === 'succeeded' ? { memoryFitted: bytes } : {};
}

/** The attempt was stopped by us, not by the engine. */
class StoppedError extends Error {}

/** What a failed attempt asks of the queue. A failure costs nothing, whatever was computed. */
function failure(error: unknown, control: AttemptControl, timings: PhaseTimings, log: Logger): Settlement {
  const free = { timings: { ...timings, uploadUs: 0 }, billed: 0, images: [] };
  switch (control.reason()) {
    case 'timeout':
      return {
        ...free,
        outcome: 'retry',
        counts: true,
        errorCode: 'engine_timeout',
        errorDetail: 'The attempt took longer than its limit.',
        why: 'timed out: free',
      };
    case 'drain':
      return { ...free, outcome: 'retry', counts: false, why: 'handed back by a stopping worker: free' };
    case 'cancel':
      // Nothing can be delivered, so nothing is charged: the queue ends a job whose cancel was asked for instead of running it again.
      return { ...free, outcome: 'retry', counts: true, why: 'cancelled; nothing was finished: free' };
    case 'lease_lost':
      return { ...free, outcome: 'retry', counts: true, why: 'the lease was lost: free' };
    case undefined:
      break;
  }
  log.warn({ err: error }, 'attempt failed');
  if (error instanceof EngineError)
    return {
      ...free,
      outcome: error.retry ? 'retry' : 'failed',
      counts: error.countsAsAttempt,
      errorCode: error.code,
      errorDetail: error.message.slice(0, 500),
      why: `${error.code}: free`,
    };
  return {
    ...free,
    outcome: 'retry',
    counts: true,
    errorCode: 'engine_failed',
    errorDetail: 'The result could not be stored.',
    why: 'failed on our side: free',
  };
}

/**
 * Settles, again and again while the database is away: the call carries (job, attempt), so a repeat after an unclear answer changes
 * nothing. A result that the database refuses to record would be refused for ever and becomes a failed attempt. Gives up when the lease is
 * surely gone. Objects are left to the sweeper: after an unclear answer they may be paid for.
 */
async function settleSurely(deps: RunDeps, lease: Lease, wanted: Settlement): Promise<SettleAnswer | undefined> {
  let settlement = wanted;
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 2_000)) {
    try {
      const answer = await deps.queue.settle(lease.claim, settlement);
      return answer.outcome === 'stale' ? undefined : answer;
    } catch (error) {
      deps.log.warn({ err: error, job: lease.claim.generation_id }, 'settling failed; it is tried again');
      if (lease.isGone()) return undefined;
      if (settlement === wanted && isRefusedForEver(error)) settlement = notRecorded(wanted);
      else await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** The database took the call and found the data wrong: SQLSTATE classes 22 (data exception) and 23 (constraint violation). */
const isRefusedForEver = (error: unknown): boolean => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^2[23]...$/.test(code);
};

const notRecorded = ({ timings }: Settlement): Settlement => ({
  outcome: 'retry',
  counts: true,
  errorCode: 'engine_bad_output',
  errorDetail: 'The result could not be recorded.',
  timings,
  billed: 0,
  why: 'the result could not be recorded: free',
  images: [],
});
