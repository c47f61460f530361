import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { GenerateProgress } from '#adapters/engine/port.ts';
import { previewKey, type Storage } from '#adapters/storage/index.ts';
import type { AttemptControl } from './attempt-control.ts';
import type { ClaimedGeneration, Heartbeat, WorkerQueue } from './worker-queue.ts';

export type LeaseTiming = {
  /** How long a claim lasts without a heartbeat. */
  leaseMs: number;
  /** Longest silence between beats; also how late a cancel is heard whose hint was lost (two seconds are promised). */
  beatMs: number;
  /** Shortest time between beats: progress is collected in between. */
  progressMs: number;
};

export type Lease = {
  claim: ClaimedGeneration;
  progress: (progress: GenerateProgress) => void;
  /** True when the database must have given the job to somebody else. */
  isGone: () => boolean;
  end: () => Promise<void>;
};

export type LeaseDeps = { queue: WorkerQueue; storage: Storage; log: Logger; timing: LeaseTiming };

/**
 * Renews the lease of a running attempt and carries its progress to whoever watches. Stops the attempt when its owner cancels it or when
 * the lease is lost (then nothing of it may be written any more). A database that is away is tried again until the lease has run out.
 */
export function keepLease(
  { queue, storage, log, timing }: LeaseDeps,
  claim: ClaimedGeneration,
  control: AttemptControl,
): Lease {
  const state: Heartbeat = { progress: 0, phase: 'load', step: 0, steps: 0, preview: 0 };
  let changed = false;
  let confirmedAtMs = performance.now();
  let lastBeatAtMs = confirmedAtMs;
  let beating = Promise.resolve();
  let idle = true;
  let newestPreview: Uint8Array | undefined;
  let storing = Promise.resolve();
  let stored = true;

  const beat = async (): Promise<void> => {
    const sentAtMs = performance.now();
    lastBeatAtMs = sentAtMs;
    changed = false;
    try {
      const answer = await queue.heartbeat(claim, { ...state });
      if (!answer.held) control.stop('lease_lost');
      else confirmedAtMs = sentAtMs;
      if (answer.cancel) control.stop('cancel');
    } catch (error) {
      log.warn({ err: error }, 'heartbeat failed');
      if (isGone()) control.stop('lease_lost');
    }
  };
  // Beside the beats, never before one: a storage that is slow or down must not cost the lease.
  const storePreview = async (bytes: Uint8Array): Promise<void> => {
    const ref = { workspaceId: claim.workspace_id, generationId: claim.generation_id, attempt: claim.attempt };
    try {
      await storage.put(previewKey(ref, 'webp'), bytes, { contentType: 'image/webp' });
      state.preview += 1;
      changed = true;
    } catch (error) {
      log.warn({ err: error }, 'a preview could not be stored');
    }
  };
  const isGone = (): boolean => performance.now() - confirmedAtMs > timing.leaseMs;

  // One timer looks often and beats rarely: never two beats at once, progress at most every `progressMs`.
  const timer = setInterval(() => {
    if (newestPreview && stored) {
      stored = false;
      storing = storePreview(newestPreview).finally(() => (stored = true));
      newestPreview = undefined;
    }
    const silentMs = performance.now() - lastBeatAtMs;
    // A beat may wait for an answer that never comes. After a pause of the whole process, though, the answer of a fresh beat decides.
    if (!idle && silentMs > timing.beatMs && isGone()) control.stop('lease_lost');
    if (!idle || (!changed && silentMs < timing.beatMs)) return;
    idle = false;
    beating = beat().finally(() => (idle = true));
  }, timing.progressMs);

  return {
    claim,
    isGone,
    progress: ({ progress, phase, step, steps, preview }) => {
      Object.assign(state, { progress: Math.max(state.progress, progress), phase, step, steps });
      if (preview) newestPreview = preview;
      changed = true;
    },
    end: async () => {
      clearInterval(timer);
      await beating;
      // The last preview is of no use any more: it gets a moment, so that nothing is written behind our back, and then it is left alone.
      await Promise.race([storing, delay(2_000, undefined, { ref: false })]);
    },
  };
}
