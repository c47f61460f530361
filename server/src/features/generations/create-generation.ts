import { plans, type Quote, toCredits } from '@pingvas/domain';
import { timingKey } from '#features/models/index.ts';
import type { Actor } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import type { Idempotency } from '#platform/http/idempotency.ts';
import { rateLimited } from '#platform/http/rate-limits.ts';
import { addressBlock, type LimitName } from '#platform/limits.ts';
import { newId } from '#platform/new-id.ts';
import type { GenerateInput } from './generate-body.ts';
import type { GenerationsDeps } from './generations.deps.ts';
import { type SubmitAnswer, type SubmitResponse, submitGeneration } from './generations.queries.ts';
import { selectKeptAnswer, selectPlan } from './jobs.queries.ts';
import { prepareRequest, type PreparedRequest } from './prepare-request.ts';
import { attemptTimeoutMs } from './price-request.ts';

export type CreateGenerationInput = {
  body: GenerateInput;
  idempotency: Idempotency | undefined;
  /** The caller's address, for the limit of plan Free. */
  address: string;
};
export type CreatedGeneration = { response: SubmitResponse; replayed: boolean };

/**
 * Takes a job: checks the request, binds the price, then one SQL function holds the credits and enqueues, or refuses. Nothing is written by a refusal.
 * Throws the problem codes of a submit (see the public contract).
 */
export function createGeneration(
  deps: GenerationsDeps,
  actor: Actor,
  { body, ...call }: CreateGenerationInput,
): Promise<CreatedGeneration> {
  return takeJob(deps, actor, {
    ...call,
    reproductionOf: null,
    prepare: async () => {
      const prepared = await prepareRequest(deps, actor, body);
      return { ...prepared, price: priceOf(deps, actor, prepared, body.quote_id ?? null) };
    },
  });
}

export type TakeJobInput = Omit<CreateGenerationInput, 'body'> & {
  /** The picture to repeat. */
  reproductionOf: string | null;
  /** Checks the request and names its price. Writes nothing: it is called for a repeat of an answered call too. */
  prepare: () => Promise<PreparedRequest>;
};

/**
 * What every accepted job goes through, whatever its request was made from. A repeat of an answered call gets its answer whatever has changed since: the
 * quote may have expired, the model may be gone. The submit itself knows the repeat; only a call that fails before it has to look for one. Throws the
 * problem codes of a submit.
 */
export async function takeJob(deps: GenerationsDeps, actor: Actor, input: TakeJobInput): Promise<CreatedGeneration> {
  let begun: Begun;
  try {
    begun = await begin(deps, actor, input);
  } catch (error) {
    const kept = error instanceof AppError && (await findKeptAnswer(deps, actor, input.idempotency));
    if (!kept) throw error;
    return { response: kept, replayed: true };
  }
  let accepted = false;
  try {
    const answer = await submit(deps, actor, begun.prepared, input);
    accepted = answer.outcome === 'accepted';
    return conclude(deps, actor, answer);
  } finally {
    // Only accepted jobs count as generations.
    if (!accepted) await begun.undoLimits();
  }
}

type Begun = { prepared: PreparedRequest; undoLimits: () => Promise<void> };

/** Everything that is judged before the submit. */
async function begin(
  deps: GenerationsDeps,
  actor: Actor,
  { address, prepare }: Pick<TakeJobInput, 'address' | 'prepare'>,
): Promise<Begun> {
  if (actor.suspended) throw new AppError('workspace_suspended');
  if (actor.kind !== 'key' && !actor.emailVerified) throw new AppError('email_not_verified');
  const prepared = await prepare();
  return { prepared, undoLimits: await countSubmit(deps, actor, address) };
}

async function findKeptAnswer(
  { db }: GenerationsDeps,
  actor: Actor,
  idempotency: Idempotency | undefined,
): Promise<SubmitResponse | undefined> {
  if (!idempotency) return undefined;
  const [row] = await readTenant(db, actor.workspaceId, (query) =>
    selectKeptAnswer(query, actor.workspaceId, idempotency.key),
  );
  if (!row) return undefined;
  if (row.fingerprint !== idempotency.fingerprint) throw new AppError('idempotency_key_reused');
  return row.response as SubmitResponse;
}

function priceOf(
  { quotes, clock }: GenerationsDeps,
  actor: Actor,
  { shape, price }: PreparedRequest,
  quoteId: string | null,
): Quote {
  if (quoteId === null) return price;
  return quotes.open(quoteId, { workspaceId: actor.workspaceId, shape, nowMs: clock.nowMs() });
}

/** Counts this submit against the limits of its plan and kind of caller. Returns what takes it back. */
async function countSubmit({ limiter }: GenerationsDeps, actor: Actor, address: string): Promise<() => Promise<void>> {
  const limits: [LimitName, string][] = [
    ...(actor.plan === 'free' ? ([['free_generations', addressBlock(address)]] as [LimitName, string][]) : []),
    ...(actor.kind === 'jwt'
      ? ([[actor.plan === 'free' ? 'jwt_free' : 'jwt_paid', actor.userId]] as [LimitName, string][])
      : []),
  ];
  const taken: [LimitName, string][] = [];
  const undo = async (): Promise<void> => {
    for (const [name, who] of taken) await limiter.giveBack(name, who);
  };
  for (const [name, who] of limits) {
    const state = await limiter.take(name, who);
    if (!state.allowed) {
      await undo();
      throw rateLimited(state);
    }
    taken.push([name, who]);
  }
  return undo;
}

async function submit(
  { db }: GenerationsDeps,
  actor: Actor,
  { model, request, mode, shape, price }: PreparedRequest,
  { idempotency, reproductionOf }: Pick<TakeJobInput, 'idempotency' | 'reproductionOf'>,
): Promise<SubmitAnswer> {
  const call = (plan: Actor['plan']): Promise<SubmitAnswer> => {
    const terms = plans[plan];
    return submitGeneration(db, {
      workspace_id: actor.workspaceId,
      user_id: actor.userId,
      api_key_id: actor.kind === 'key' ? actor.keyId : null,
      generation_id: newId(),
      plan,
      model_id: model.id,
      mode,
      level: terms.priority,
      request,
      expected: price.expected,
      ceiling: price.ceiling,
      surcharge: price.surcharge,
      timeout_ms: attemptTimeoutMs(price, model),
      start_by_s: request.start_by_s,
      running_max: terms.runningMax,
      waiting_max: terms.waitingMax,
      api_calls_max: terms.apiCallsPerMonth,
      storage_max: terms.storageBytes,
      idempotency: idempotency ?? null,
      reproduction_of: reproductionOf,
      timing_shape: timingKey(shape),
      timing_images: shape.count,
    });
  };
  const answer = await call(actor.plan);
  if (answer.outcome !== 'plan_changed') return answer;
  // The plan changed within the second that callers are remembered for.
  const [workspace] = await readTenant(db, actor.workspaceId, (query) => selectPlan(query, actor.workspaceId));
  return workspace ? call(workspace.plan as Actor['plan']) : answer;
}

function conclude({ hints }: GenerationsDeps, actor: Actor, answer: SubmitAnswer): CreatedGeneration {
  switch (answer.outcome) {
    case 'accepted':
      hints.jobChanged(actor.workspaceId, answer.response.job_id);
      if (answer.response.status === 'queued') hints.queueChanged();
      return { response: answer.response, replayed: false };
    case 'replayed':
      return { response: answer.response, replayed: true };
    case 'credits_exhausted':
    case 'credits_held':
      throw new AppError(answer.outcome, {
        facts: {
          needed: toCredits(answer.needed),
          available: toCredits(answer.available),
          held: toCredits(answer.held),
          next_release_at: answer.next_release_at,
          resets_at: answer.resets_at,
        },
      });
    case 'key_budget_exhausted':
    case 'member_budget_exhausted':
      throw new AppError(answer.outcome, {
        facts: {
          needed: toCredits(answer.needed),
          available: toCredits(answer.available),
          resets_at: answer.resets_at,
        },
      });
    case 'api_calls_exhausted':
      throw new AppError(answer.outcome, { facts: { resets_at: answer.resets_at } });
    case 'storage_exhausted':
      throw new AppError(answer.outcome, {
        facts: { storage_bytes: answer.storage_bytes, storage_max: answer.storage_max },
      });
    case 'queue_full':
      throw new AppError(answer.outcome, {
        facts: { waiting_max: answer.waiting_max },
        headers: { 'retry-after': '30' },
      });
    case 'idempotency_key_reused':
    case 'workspace_suspended':
      throw new AppError(answer.outcome);
    case 'plan_changed':
      throw new AppError('service_unavailable', { headers: { 'retry-after': '1' } });
    case 'not_member':
      // Removed since the caller was looked up; a key has died with the membership of its maker.
      throw new AppError(actor.kind === 'key' ? 'unauthenticated' : 'not_found');
    case 'not_found':
      // The workspace or the key is gone since the caller was looked up.
      throw new AppError('unauthenticated');
  }
}
