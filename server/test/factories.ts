import { randomUUID } from 'node:crypto';
import { type Plan, plans } from '@pingvas/domain';
import { resultKey } from '#adapters/storage/index.ts';
import {
  claimGeneration,
  registerWorker,
  settleGeneration,
  submitGeneration,
} from '#features/generations/generations.queries.ts';
import type { Claim, Settle, Submit, SubmitAnswer } from '#features/generations/generations.queries.ts';
import type { Actor } from '#platform/actor.ts';
import { newId } from '#platform/new-id.ts';
import type { TestDatabase } from '#test/database.ts';

export type TestWorkspace = { workspaceId: string; userId: string; plan: Plan };

/** A workspace with its own owner. `credits` (milli-credits, default 1,000,000) arrive as a purchase that never expires; 0 = none. */
export async function aWorkspace(
  db: TestDatabase,
  {
    plan = 'pro',
    credits = 1_000_000,
    kind = 'personal',
  }: { plan?: Plan; credits?: number; kind?: 'personal' | 'team' } = {},
): Promise<TestWorkspace> {
  const workspaceId = newId();
  const userId = `user-${randomUUID()}`;
  await db.owner.pool.query('select public.create_workspace($1, $2, $3, $4, now())', [
    workspaceId,
    kind,
    'Test',
    userId,
  ]);
  await db.owner.pool.query('update public.workspace set plan = $2 where workspace_id = $1', [workspaceId, plan]);
  if (credits > 0)
    await db.owner.pool.query("select public.ledger_grant($1, 'purchase', $2, $3, 'test', now(), null, null, now())", [
      workspaceId,
      credits,
      `test:${workspaceId}`,
    ]);
  return { workspaceId, userId, plan };
}

/** A model of the catalogue; each test that claims makes its own, so that it meets only its own jobs. */
export async function aModel(
  db: TestDatabase,
  {
    loadMs = 10_000,
    imageMs = 3_000,
    capabilities = {},
  }: { loadMs?: number; imageMs?: number; capabilities?: object } = {},
): Promise<string> {
  const modelId = `model-${randomUUID()}`;
  await db.owner.pool.query(
    "insert into public.model (model_id, engine, name, base, capabilities, load_ms, image_ms) values ($1, 'fake', $1, 'test', $2, $3, $4)",
    [modelId, capabilities, loadMs, imageMs],
  );
  return modelId;
}

/** An API key's row (its secret is of no use); returns its id. */
export async function anApiKey(
  db: TestDatabase,
  { workspaceId, userId }: TestWorkspace,
  budget: number | null = null,
): Promise<string> {
  const keyId = newId();
  await db.owner.pool.query(
    `insert into public.api_key (key_id, workspace_id, created_by, name, hash, prefix, scopes, monthly_credit_budget)
     values ($1, $2, $3, 'test', decode(md5($1::uuid::text), 'hex'), 'pv_', array['read', 'generate'], $4)`,
    [keyId, workspaceId, userId, budget],
  );
  return keyId;
}

/** A submit as the API would make it for this workspace's plan; every field can be set. */
export function aSubmit(workspace: TestWorkspace, modelId: string, changes: Partial<Submit> = {}): Submit {
  const terms = plans[workspace.plan];
  return {
    workspace_id: workspace.workspaceId,
    user_id: workspace.userId,
    api_key_id: null,
    generation_id: newId(),
    plan: workspace.plan,
    model_id: modelId,
    mode: 'txt2img',
    level: terms.priority,
    request: { model: modelId, prompt: '고양이', width: 256, height: 256, count: 1, seed: '1' },
    expected: 2_000,
    ceiling: 5_000,
    surcharge: 0,
    timeout_ms: 60_000,
    start_by_s: 86_400,
    running_max: terms.runningMax,
    waiting_max: terms.waitingMax,
    api_calls_max: terms.apiCallsPerMonth,
    storage_max: terms.storageBytes,
    idempotency: null,
    reproduction_of: null,
    ...changes,
  };
}

/** Submits a job and returns its id. Throws when it was refused. */
export async function aGeneration(
  db: TestDatabase,
  workspace: TestWorkspace,
  modelId: string,
  changes: Partial<Submit> = {},
): Promise<string> {
  const input = aSubmit(workspace, modelId, changes);
  const answer: SubmitAnswer = await submitGeneration(db.app, input);
  if (answer.outcome !== 'accepted') throw new Error(`submit answered ${JSON.stringify(answer)}`);
  return input.generation_id;
}

/** A registered worker for these models; returns its id. */
export async function aWorker(db: TestDatabase, models: string[]): Promise<string> {
  const workerId = newId();
  await registerWorker(db.worker, {
    worker_id: workerId,
    name: 'test',
    engine: 'fake',
    device: 'Test device',
    device_class: 'test',
    models,
    loaded_model: null,
  });
  return workerId;
}

/** Claims the next job for a worker of these models. Throws when there is none. */
export async function aClaim(
  db: TestDatabase,
  workerId: string,
  models: string[],
  loadedModel: string | null = null,
): Promise<Claim> {
  const claim = await claimGeneration(db.worker, {
    worker_id: workerId,
    models,
    loaded_model: loadedModel,
    lease_s: 15,
  });
  if (!claim) throw new Error('nothing to claim');
  return claim;
}

/** A settlement of a claim: one stored picture and 1,234 ms billed, unless changed. */
export function aSettle(claim: Claim, workerId: string, changes: Partial<Settle> = {}): Settle {
  return {
    generation_id: claim.generation_id,
    attempt: claim.attempt,
    worker_id: workerId,
    outcome: 'succeeded',
    counts: true,
    error_code: null,
    error_detail: null,
    timings: { load_us: 500_000, encode_us: 34_000, denoise_us: 1_000_000, decode_us: 200_999, upload_us: 9_000 },
    billed: 1_234,
    why: 'test',
    images: [
      {
        image_id: newId(),
        position: 0,
        width: 256,
        height: 256,
        seed: 1,
        size_bytes: 1_000,
        sha256: '0'.repeat(64),
        storage_key: resultKey({
          workspaceId: claim.workspace_id,
          generationId: claim.generation_id,
          attempt: claim.attempt,
          index: 0,
        }),
        engine_info: {},
        recipe: { prompt: '고양이' },
      },
    ],
    recipe_sha256: 'f'.repeat(64),
    ...changes,
  };
}

/** A job that ran and succeeded; returns its claim. */
export async function aSucceededGeneration(
  db: TestDatabase,
  workspace: TestWorkspace,
  modelId: string,
  changes: Partial<Submit> = {},
): Promise<Claim> {
  await aGeneration(db, workspace, modelId, changes);
  const workerId = await aWorker(db, [modelId]);
  const claim = await aClaim(db, workerId, [modelId]);
  const answer = await settleGeneration(db.worker, aSettle(claim, workerId));
  if (answer.outcome !== 'settled') throw new Error(`settle answered ${JSON.stringify(answer)}`);
  return claim;
}

/** The owner of a workspace, calling with a key of theirs. */
export const ownerActor = ({ workspaceId, userId, plan }: TestWorkspace): Actor => ({
  workspaceId,
  plan,
  suspended: false,
  role: 'owner',
  scopes: ['read', 'generate'],
  kind: 'key',
  keyId: workspaceId,
  userId,
});
