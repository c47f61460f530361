/** The states of a generation and the ways between them. SQL moves the rows; this table says what it may do, and the tests hold it to that. */
export const generationStates = [
  'backlogged',
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'expired',
] as const;
export type GenerationState = (typeof generationStates)[number];

/**
 * `backlogged` waits for the workspace's own limit, `queued` for a worker. From `running` a job goes back to `queued` when its worker was lost or
 * handed it back. A job that is given up is `failed`; running it again is a new job.
 */
export const nextStates: Record<GenerationState, readonly GenerationState[]> = {
  backlogged: ['queued', 'cancelled', 'expired'],
  queued: ['running', 'cancelled', 'expired'],
  running: ['queued', 'succeeded', 'failed', 'cancelled'],
  succeeded: [],
  failed: [],
  cancelled: [],
  expired: [],
};

/** Attempts that count before a job is given up. A drain or an engine that is down does not count. */
export const attemptsMax = 3;
/** Attempts of any kind: a job that is handed back for ever is given up as well. */
export const attemptsOfAnyKindMax = 100;
/** A worker that was silent for this long has lost its job. Renewed every `heartbeatMs`. */
export const leaseMs = 15_000;
export const heartbeatMs = 5_000;

/** True when nothing will change any more. */
export function hasEnded(state: GenerationState): boolean {
  return nextStates[state].length === 0;
}

/** True while the job takes one of the workspace's places (running at once). */
export function isActive(state: GenerationState): boolean {
  return state === 'queued' || state === 'running';
}
