import type { Logger } from 'pino';
import type { Engine } from '#adapters/engine/port.ts';
import type { Pictures } from '#adapters/pictures/port.ts';
import type { Storage } from '#adapters/storage/index.ts';
import type { Database } from '#platform/db/database.ts';
import type { HintBus } from '#platform/hints/port.ts';
import { every } from '#platform/jobs/every.ts';
import { newId } from '#platform/new-id.ts';
import type { Metrics } from '#platform/telemetry.ts';
import { type ClaimJobsDeps, claimJobs } from './claim-jobs.ts';
import { type BreakerTerms, createEngineBreaker, decidedBreaker } from './engine-breaker.ts';
import { drainWorker, registerWorker, removeWorker, workerSeen } from './generations.queries.ts';
import { createJobHints } from './job-hints.ts';
import type { LeaseTiming } from './keep-lease.ts';
import { offerModels } from './offer-models.ts';
import { createWorkerQueue } from './worker-queue.ts';

export type WorkerDeps = {
  name: string;
  /** Role `pingvas_worker`. */
  db: Database;
  bus: HintBus;
  engine: Engine;
  storage: Storage;
  pictures: Pictures;
  /** Adds models the catalogue lacks. */
  modelsAuto: boolean;
  metrics: Metrics;
  log: Logger;
  timing?: LeaseTiming;
  /** When failures make the worker rest. */
  breaker?: BreakerTerms;
  /** What to do when no job came for so long. */
  idle?: ClaimJobsDeps['idle'];
};

/** The decided lease; beats come far more often than every five seconds, because they also carry progress and hear of cancels. */
const decidedTiming: LeaseTiming = { leaseMs: 15_000, beatMs: 1_000, progressMs: 250 };

export type RunningWorker = {
  workerId: string;
  /**
   * Leaves within `leaveMs`: claims nothing more, finishes the running job when there is time for it and else hands it back, uncharged, and says goodbye.
   * Another call can only shorten the time.
   */
  stop: (leaveMs: number) => Promise<void>;
};

/** Of the time to leave this much is kept for handing a job back, or for storing and settling it. */
const goodbyeMs = 5_000;

/** Brings an engine into the queue: waits until it answers, registers it, claims and runs jobs until `stop`. */
export async function startWorker(deps: WorkerDeps): Promise<RunningWorker> {
  const { db, log, name } = deps;
  const timing = deps.timing ?? decidedTiming;
  const workerId = newId();
  let offer = await offerModels(db, deps.engine, deps.modelsAuto);
  const { capabilities } = offer;
  const register = (): Promise<void> =>
    registerWorker(db, {
      worker_id: workerId,
      name,
      engine: capabilities.engine,
      device: capabilities.device,
      device_class: capabilities.deviceClass,
      models: offer.models,
      loras: offer.loras,
      memory_bytes: capabilities.deviceMemoryBytes,
      loaded_model: offer.engine.loadedModel(),
    });
  await register();

  const hints = createHints();
  const cancels = new Map<string, () => void>();
  const jobHints = createJobHints(deps.bus, log);
  const queue = createWorkerQueue(db, jobHints, { workerId, models: () => offer.models, leaseMs: timing.leaseMs });
  const counters = workerCounters(deps.metrics);
  const loop = claimJobs({
    ...deps,
    offer: () => offer,
    queue,
    timing,
    nextHint: hints.next,
    // Without a single hint a job is picked up within this time and a claim's.
    pollMs: 500,
    breaker: createEngineBreaker(deps.breaker ?? decidedBreaker),
    idle: deps.idle ?? null,
    onCancelHint: (generationId, heard) => {
      cancels.set(generationId, heard);
      return () => cancels.delete(generationId);
    },
    onEnd: (claim, end) => counters(claim.model_id, capabilities.deviceClass, end),
  });
  const resync = async (): Promise<void> => {
    offer = await offerModels(db, deps.engine, deps.modelsAuto);
    await register();
    hints.wake();
  };
  const onModelsHint = (): void =>
    void resync().catch((error: unknown) => log.warn({ err: error }, 'the models could not be read again'));
  const listener = deps.bus.subscribe({
    channels: {
      pingvas_queue: hints.wake,
      pingvas_models: onModelsHint,
      pingvas_cancel: (generationId) => cancels.get(generationId)?.(),
    },
    onConnected: hints.wake,
  });
  const alive = every(5_000, log, 'worker seen', async () => {
    if (!(await workerSeen(db, workerId, offer.engine.loadedModel()))) await register();
  });
  log.info({ worker: workerId, device: capabilities.device, models: offer.models }, 'worker ready');

  const leave = async (drained: Promise<void>): Promise<void> => {
    await drainWorker(db, workerId).catch((error: unknown) => log.warn({ err: error }, 'draining could not be told'));
    await drained;
    await alive.stop();
    await jobHints.flush();
    await listener.close();
    await removeWorker(db, workerId).catch(() => undefined);
    await deps.engine.close();
    await deps.pictures.close();
  };
  let leaving: Promise<void> | undefined;
  return {
    workerId,
    stop: (leaveMs) => {
      const drained = loop.drain(Math.max(0, leaveMs - goodbyeMs));
      leaving ??= leave(drained);
      return leaving;
    },
  };
}

/** Remembers a hint that comes while nobody waits, so that none is lost between two looks at the queue. */
function createHints(): { wake: () => void; next: ClaimJobsDeps['nextHint'] } {
  let pending = false;
  let waiting: (() => void) | undefined;
  return {
    wake: () => {
      pending = true;
      waiting?.();
    },
    next: (signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          pending = false;
          waiting = undefined;
          resolve();
        };
        if (pending || signal.aborted) {
          done();
          return;
        }
        waiting = done;
        const giveUp = (): void => {
          // Left behind, it would swallow the next hint.
          if (waiting === done) waiting = undefined;
          resolve();
        };
        signal.addEventListener('abort', giveUp, { once: true });
      }),
  };
}

function workerCounters(
  metrics: Metrics,
): (model: string, device: string, end: Parameters<ClaimJobsDeps['onEnd']>[1]) => void {
  const attempts = metrics.counter('pingvas_attempts_total', 'Attempts by outcome', [
    'model',
    'device_class',
    'outcome',
  ]);
  const gpuSeconds = metrics.counter(
    'pingvas_gpu_seconds_total',
    'Seconds an engine spent by phase; load is never billed',
    ['model', 'device_class', 'phase'],
  );
  return (model, device, { outcome, timings }) => {
    attempts.add({ model, device_class: device, outcome });
    const phases = {
      load: timings.loadUs,
      encode: timings.encodeUs,
      denoise: timings.denoiseUs,
      decode: timings.decodeUs,
    };
    for (const [phase, us] of Object.entries(phases))
      gpuSeconds.add({ model, device_class: device, phase }, us / 1_000_000);
  };
}
