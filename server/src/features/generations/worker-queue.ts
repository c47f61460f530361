import type { EngineErrorCode, Mode, PhaseTimings } from '#adapters/engine/port.ts';
import type { Database } from '#platform/db/database.ts';
import { newId } from '#platform/new-id.ts';
import { claimGeneration, heartbeatGeneration, settleGeneration, type SettleAnswer } from './generations.queries.ts';
import type { JobHints } from './job-hints.ts';
import { type Reproduces, type ReproductionVerdict, verdictOf } from './reproduction-verdict.ts';
import type { Json } from '#features/library/index.ts';

/** A request with every default resolved, as the API shows it and the engine gets it. */
export type ResolvedRequest = {
  model: string;
  prompt: string;
  negative_prompt: string;
  style: string | null;
  width: number;
  height: number;
  steps: number;
  guidance: number;
  scheduler: string;
  /** Decimal string, 0 to 2^32 - 1. */
  seed: string;
  count: number;
  strength: number;
  outpaint?: { left: number; top: number; right: number; bottom: number } | null;
  upscale?: { factor: number } | null;
  loras?: { id: string; weight: number }[];
  control?: { image_id: string; type: string; weight: number; start: number; end: number }[];
  reference_images?: { image_id: string; weight: number }[];
};

/** What `claim_generation` hands to a worker: the job, its attempt and the lease on it. */
export type ClaimedGeneration = {
  generation_id: string;
  workspace_id: string;
  attempt: number;
  model_id: string;
  mode: Mode;
  request: ResolvedRequest;
  timeout_ms: number;
  /** The quote and its surcharge for an API call, milli-credits. */
  expected: number;
  surcharge: number;
  inputs: { image_id: string; storage_key: string; sha256: string; role: 'init' | 'mask' | 'control' | 'reference' }[];
  /** The picture to repeat, and what of its recipe must still be the same; `reproduces` is null when it has been deleted. */
  reproduction_of: string | null;
  reproduces: Reproduces | null;
};

/** What the worker tells of the running attempt with each heartbeat. */
export type Heartbeat = { progress: number; phase: string; step: number; steps: number; preview: number };

/** A stored picture, as the settling transaction records it. */
export type DeliveredImage = {
  position: number;
  width: number;
  height: number;
  seed: number;
  sizeBytes: number;
  sha256: string;
  storageKey: string;
  engineInfo: Record<string, unknown>;
  recipe: Json;
};

/** How an attempt ended, as the worker sees it. `billed` in milli-credits, times in microseconds. */
export type Settlement = {
  outcome: 'succeeded' | 'failed' | 'cancelled' | 'retry';
  /** Whether the attempt counts towards the limit of three. */
  counts: boolean;
  /** None for a worker that hands its job back. */
  errorCode?: EngineErrorCode;
  errorDetail?: string;
  timings: PhaseTimings & { uploadUs: number };
  billed: number;
  why: string;
  images: DeliveredImage[];
  recipeSha256?: string;
  reproduction?: ReproductionVerdict;
  /** The device has this much memory, bytes, and it was too little with everything spared; or it was enough. */
  memoryMoreThan?: number;
  memoryFitted?: number;
};

/** The queue as a worker sees it. Every call carries (job, attempt, worker): a stale one changes nothing and says so. */
export interface WorkerQueue {
  claim(loadedModel: string | null): Promise<ClaimedGeneration | undefined>;
  heartbeat(claim: ClaimedGeneration, beat: Heartbeat): Promise<{ held: boolean; cancel: boolean }>;
  settle(claim: ClaimedGeneration, settlement: Settlement): Promise<SettleAnswer>;
}

export type WorkerQueueOptions = { workerId: string; models: () => string[]; leaseMs: number };

/** The queue in the database for one worker. Whoever watches a job hears of each change after it is committed. */
export function createWorkerQueue(
  db: Database,
  hints: JobHints,
  { workerId, models, leaseMs }: WorkerQueueOptions,
): WorkerQueue {
  const leaseS = Math.ceil(leaseMs / 1_000);
  const holder = (claim: ClaimedGeneration) => ({
    generation_id: claim.generation_id,
    attempt: claim.attempt,
    worker_id: workerId,
  });
  const changed = (claim: ClaimedGeneration): void => hints.jobChanged(claim.workspace_id, claim.generation_id);
  return {
    claim: async (loadedModel) => {
      const claim = (await claimGeneration(db, {
        worker_id: workerId,
        models: models(),
        loaded_model: loadedModel,
        lease_s: leaseS,
      })) as ClaimedGeneration | undefined;
      if (claim) changed(claim);
      return claim;
    },
    heartbeat: async (claim, beat) => {
      const answer = await heartbeatGeneration(db, { ...holder(claim), lease_s: leaseS, ...beat });
      changed(claim);
      return answer;
    },
    settle: async (claim, settlement) => {
      const { timings } = settlement;
      const answer = await settleGeneration(db, {
        ...holder(claim),
        outcome: settlement.outcome,
        counts: settlement.counts,
        error_code: settlement.errorCode ?? null,
        error_detail: settlement.errorDetail ?? null,
        timings: {
          load_us: timings.loadUs,
          encode_us: timings.encodeUs,
          denoise_us: timings.denoiseUs,
          decode_us: timings.decodeUs,
          upload_us: timings.uploadUs,
        },
        billed: settlement.billed,
        why: settlement.why,
        images: settlement.images.map((image) => ({
          image_id: newId(),
          position: image.position,
          width: image.width,
          height: image.height,
          seed: image.seed,
          size_bytes: image.sizeBytes,
          sha256: image.sha256,
          storage_key: image.storageKey,
          engine_info: image.engineInfo,
          recipe: image.recipe,
        })),
        recipe_sha256: settlement.recipeSha256 ?? null,
        memory_more_than: settlement.memoryMoreThan ?? null,
        memory_fitted: settlement.memoryFitted ?? null,
        reproduction: verdictOf(claim.reproduction_of, settlement),
      });
      changed(claim);
      // Settling may have promoted a job of the workspace, or put this one back.
      hints.queueChanged();
      return answer;
    },
  };
}
