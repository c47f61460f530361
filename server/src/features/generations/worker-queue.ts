import type { EngineErrorCode, Mode, PhaseTimings } from '#adapters/engine/port.ts';
import type { DeliveredImage } from './store-images.ts';

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
  inputs: { image_id: string; storage_key: string; sha256: string; role: 'init' | 'mask' }[];
};

/** What the worker tells of the running attempt with each heartbeat. */
export type Heartbeat = { progress: number; phase: string; step: number; steps: number; preview: number };

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
};

/** The queue as a worker sees it. Every call carries (job, attempt, worker): a stale one changes nothing and says so. */
export interface WorkerQueue {
  claim(loadedModel: string | null): Promise<ClaimedGeneration | undefined>;
  heartbeat(claim: ClaimedGeneration, beat: Heartbeat): Promise<{ held: boolean; cancel: boolean }>;
  settle(claim: ClaimedGeneration, settlement: Settlement): Promise<{ outcome: 'settled' | 'requeued' | 'stale'; status: string; charged: number }>;
}
