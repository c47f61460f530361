import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';
import { batchCalls } from '#platform/db/batch.ts';
import { callTenant } from '#platform/db/tenant.ts';
import type { Reproduces, ReproductionVerdict } from './reproduction-verdict.ts';

/** The queue's SQL functions, one call each. Amounts in milli-credits; what they do and refuse is in `server/functions/<name>.sql`. */

export type Submit = {
  workspace_id: string;
  user_id: string;
  api_key_id: string | null;
  generation_id: string;
  plan: string;
  model_id: string;
  mode: string;
  level: number;
  request: Record<string, unknown>;
  expected: number;
  /** What is held at most, the surcharge included. */
  ceiling: number;
  surcharge: number;
  timeout_ms: number;
  start_by_s: number;
  running_max: number;
  waiting_max: number;
  /** Null = unlimited. Only submits with a key are counted. */
  api_calls_max: number | null;
  storage_max: number | null;
  idempotency: { key: string; fingerprint: string } | null;
  reproduction_of: string | null;
  /** What its measured time may price later, and how many images it was for; missing = nothing. */
  timing_shape?: string;
  timing_images?: number;
};

/** The body of the 202 answer, as it is stored for a replay. */
export type SubmitResponse = {
  job_id: string;
  status: 'queued' | 'backlogged';
  held_credits: number;
  ceiling_credits: number;
  position: number;
  created_at: string;
};

/** Why the money does not suffice: milli-credits and ISO instants. */
export type CreditFacts = {
  needed: number;
  available: number;
  held: number;
  next_release_at: string | null;
  resets_at: string;
};

export type SubmitAnswer =
  | { outcome: 'accepted'; response: SubmitResponse }
  | { outcome: 'replayed'; status_code: number; response: SubmitResponse }
  | ({ outcome: 'credits_exhausted' | 'credits_held' } & CreditFacts)
  | {
      outcome: 'key_budget_exhausted' | 'member_budget_exhausted';
      needed: number;
      available: number;
      resets_at: string;
    }
  | { outcome: 'api_calls_exhausted'; resets_at: string }
  | { outcome: 'storage_exhausted'; storage_bytes: number; storage_max: number }
  | { outcome: 'queue_full'; waiting_max: number }
  | { outcome: 'idempotency_key_reused' | 'workspace_suspended' | 'plan_changed' | 'not_found' | 'not_member' };

/**
 * Takes a job or refuses it; a refusal changes nothing. Submits that are made at about the same time, of any workspaces, share a statement and a commit.
 */
export const submitGeneration = batchCalls<Submit, SubmitAnswer>((db, inputs) =>
  call(db, sql`public.submit_generations(${JSON.stringify(inputs)}::jsonb)`),
);

export type CancelAnswer = {
  outcome: 'cancelled' | 'requested' | 'ended' | 'not_found';
  status: string | null;
};

/** A user's cancel: `cancelled` at once, `requested` of the worker, or without effect on what has ended. */
export async function cancelGeneration(db: Database, workspaceId: string, generationId: string): Promise<CancelAnswer> {
  const [row] = await callTenant<{ answer: CancelAnswer }>(db, workspaceId, (query) =>
    query.selectNoFrom(
      sql<CancelAnswer>`public.cancel_generation(${workspaceId}::uuid, ${generationId}::uuid)`.as('answer'),
    ),
  );
  return answerOf(row);
}

export type WipeAnswer = { outcome: 'wiped' | 'not_ended' | 'not_found'; status?: string };

/** Deletes the words and pictures of an ended job. */
export async function wipeGeneration(db: Database, workspaceId: string, generationId: string): Promise<WipeAnswer> {
  const [row] = await callTenant<{ answer: WipeAnswer }>(db, workspaceId, (query) =>
    query.selectNoFrom(
      sql<WipeAnswer>`public.wipe_generation(${workspaceId}::uuid, ${generationId}::uuid)`.as('answer'),
    ),
  );
  return answerOf(row);
}

export type ClaimInput = { worker_id: string; models: string[]; loaded_model: string | null; lease_s: number };

export type Claim = {
  generation_id: string;
  workspace_id: string;
  attempt: number;
  model_id: string;
  mode: string;
  request: Record<string, unknown>;
  timeout_ms: number;
  lease_until: string;
  created_at: string;
  expected: number;
  ceiling: number;
  surcharge: number;
  reproduction_of: string | null;
  requeue_of: string | null;
  reproduces: Reproduces | null;
  inputs: { image_id: string; storage_key: string; sha256: string; role: 'init' | 'mask' }[];
};

/** The next job for a worker, with a lease; undefined when there is none, or the worker is draining or forgotten. */
export async function claimGeneration(db: Database, input: ClaimInput): Promise<Claim | undefined> {
  return (await claimInBatch(db, input)) ?? undefined;
}

const claimInBatch = batchCalls<ClaimInput, Claim | null>((db, inputs) =>
  call(db, sql`public.claim_generations(${JSON.stringify(inputs)}::jsonb)`),
);

export type HeartbeatInput = {
  generation_id: string;
  attempt: number;
  worker_id: string;
  lease_s: number;
  progress: number;
  phase: string;
  step: number;
  steps: number;
  preview: number;
};

/** Renews a lease. `held` false: the job is somebody else's now. */
export async function heartbeatGeneration(
  db: Database,
  input: HeartbeatInput,
): Promise<{ held: boolean; cancel: boolean }> {
  return call(db, sql`public.heartbeat_generation(${JSON.stringify(input)}::jsonb)`);
}

export type SettledImage = {
  image_id?: string;
  position: number;
  width: number;
  height: number;
  seed: number;
  size_bytes: number;
  sha256: string;
  storage_key: string;
  engine_info: Record<string, unknown>;
  recipe: unknown;
};

export type Settle = {
  generation_id: string;
  attempt: number;
  worker_id: string;
  outcome: 'succeeded' | 'failed' | 'cancelled' | 'retry';
  /** Whether the attempt counts towards the limit. */
  counts: boolean;
  /** How the attempt itself is recorded; follows from the other fields when it is missing. */
  attempt_outcome?: 'failed' | 'timed_out' | 'drained' | 'engine_down';
  error_code: string | null;
  error_detail: string | null;
  timings: { load_us: number; encode_us: number; denoise_us: number; decode_us: number; upload_us: number };
  billed: number;
  why: string;
  images: SettledImage[];
  recipe_sha256: string | null;
  /** The verdict on a job that reproduces a picture. */
  reproduction?: ReproductionVerdict | null;
  /** The device ran out of memory with everything spared: only one with more bytes than this may try again. */
  memory_more_than?: number | null;
  /** A device with this many bytes held it. */
  memory_fitted?: number | null;
};

export type SettleAnswer = { outcome: 'settled' | 'stale' | 'requeued'; status: string | null; charged: number };

/** Ends an attempt: pictures, charge and state in one transaction, or nothing when the attempt is stale. */
export const settleGeneration = batchCalls<Settle, SettleAnswer>((db, inputs) =>
  call(db, sql`public.settle_generations(${JSON.stringify(inputs)}::jsonb)`),
);

export type WorkerInput = {
  worker_id: string;
  name: string;
  engine: string;
  device: string;
  device_class: string;
  models: string[];
  loaded_model: string | null;
  loras?: string[];
  /** Of its device; null or missing = not known. */
  memory_bytes?: number | null;
};

/** Reports a worker, new or known. */
export async function registerWorker(db: Database, input: WorkerInput): Promise<void> {
  await call(db, sql`public.register_worker(${JSON.stringify(input)}::jsonb)`);
}

/** An idle worker's sign of life. False: it was forgotten and must register again. */
export async function workerSeen(db: Database, workerId: string, loadedModel: string | null): Promise<boolean> {
  return call(db, sql`public.worker_seen(${workerId}::uuid, ${loadedModel}::text)`);
}

/** No new job for this worker. */
export async function drainWorker(db: Database, workerId: string): Promise<boolean> {
  return call(db, sql`public.drain_worker(${workerId}::uuid)`);
}

/** A worker that holds nothing leaves. */
export async function removeWorker(db: Database, workerId: string): Promise<boolean> {
  return call(db, sql`public.remove_worker(${workerId}::uuid)`);
}

type ReportedModel = {
  key: string;
  name: string;
  base: string;
  capabilities: Record<string, unknown>;
  load_ms: number;
  image_ms: number;
};
type ReportedLora = { key: string; name: string; base: string; trigger_words: string[]; weight: number };

export type SyncInput = {
  engine: string;
  /** Whether what the catalogue lacks is added to it. */
  add: boolean;
  models: ReportedModel[];
  loras: ReportedLora[];
};
/** The catalogue's id by the engine's key: what the worker may offer. */
export type SyncAnswer = { models: Record<string, string>; loras: Record<string, string> };

/** Tells the catalogue what an engine has. */
export async function syncModels(db: Database, input: SyncInput): Promise<SyncAnswer> {
  return call(db, sql`public.sync_models(${JSON.stringify(input)}::jsonb)`);
}

export type SweepAnswer = {
  /** Jobs whose state changed: their watchers want a hint. */
  changed: { workspace_id: string; generation_id: string }[];
  requeued: number;
  ended: number;
  expired: number;
  workers_removed: number;
};

/** Takes back lost leases, expires what waited too long, forgets silent workers. Safe to run at any time, by anybody, twice. */
export async function sweepQueue(db: Database): Promise<SweepAnswer> {
  return call(db, sql`public.sweep_queue()`);
}

export type RequeueAnswer =
  | { outcome: 'requeued'; workspace_id: string; generation_id: string }
  | { outcome: 'not_found' | 'already_requeued' }
  | { outcome: 'not_a_dead_letter'; status: string };

/** The operator's free second run of a failed job. */
export async function requeueDeadLetter(db: Database, generationId: string): Promise<RequeueAnswer> {
  return call(db, sql`public.requeue_dead_letter(${generationId}::uuid)`);
}

/** The operator puts a failed job aside. */
export async function discardDeadLetter(
  db: Database,
  generationId: string,
): Promise<'discarded' | 'not_found' | 'not_a_dead_letter' | 'already_discarded'> {
  return call(db, sql`public.discard_dead_letter(${generationId}::uuid)`);
}

async function call<T>(db: Database, expression: ReturnType<typeof sql>): Promise<T> {
  const { rows } = await sql<{ answer: T }>`select ${expression} as answer`.execute(db.kysely);
  return answerOf(rows[0]);
}

function answerOf<T>(row: { answer: T } | undefined): T {
  if (!row) throw new Error('A function of the queue answered no row.');
  return row.answer;
}
