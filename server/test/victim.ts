import { randomUUID } from 'node:crypto';
import { previewKey, thumbnailKey } from '#adapters/storage/index.ts';
import { newId } from '#platform/new-id.ts';
import { heartbeatGeneration } from '#features/generations/generations.queries.ts';
import { aCatalogueModel, aKeyCaller, aSessionCaller, type Caller, type TestApi } from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';
import { aClaim, aGeneration, aSucceededGeneration, aWorker } from '#test/factories.ts';

/** A workspace with one of everything, each marked, for those who must not see it. */
export type Victim = Caller & {
  model: string;
  /** A job that ended with a stored picture, and one that runs and has a preview. */
  doneJobId: string;
  runningJobId: string;
  imageId: string;
  keyId: string;
  /** A cookie session of the person. */
  sessionId: string;
  quoteId: string;
  invitationId: string;
  /** Words and ids that no stranger may ever read. */
  canaries: string[];
};

/** Makes a workspace that has used everything: jobs, a picture, a preview, a key, a quote. */
export async function aVictim(db: TestDatabase, api: TestApi): Promise<Victim> {
  const caller = await aSessionCaller(db);
  const workspace = { ...caller };
  const model = await aCatalogueModel(db);
  const canary = `canary-${randomUUID()}`;
  const request = {
    model,
    prompt: canary,
    width: 256,
    height: 256,
    steps: 12,
    count: 1,
    seed: '1',
    metadata: { note: canary },
  };
  const done = await aSucceededGeneration(db, workspace, model, { request });
  const { rows } = await db.owner.pool.query<{ image_id: string; storage_key: string }>(
    'select image_id, storage_key from image where generation_id = $1',
    [done.generation_id],
  );
  const image = rows[0]!;
  await api.storage.put(image.storage_key, Buffer.from(canary), { contentType: 'image/png' });
  for (const size of [256, 512] as const) {
    await api.storage.put(thumbnailKey(image.storage_key, size), Buffer.from(canary), { contentType: 'image/webp' });
  }

  const runningJobId = await aGeneration(db, workspace, model, { request });
  const workerId = await aWorker(db, [model]);
  const claim = await aClaim(db, workerId, [model]);
  const beat = { lease_s: 3_600, progress: 0.5, phase: 'denoise', step: 6, steps: 12, preview: 1 };
  await heartbeatGeneration(db.worker, {
    generation_id: runningJobId,
    attempt: claim.attempt,
    worker_id: workerId,
    ...beat,
  });
  const ref = { workspaceId: caller.workspaceId, generationId: runningJobId, attempt: claim.attempt };
  await api.storage.put(previewKey(ref, 'webp'), Buffer.from(canary), { contentType: 'image/webp' });

  const { keyId } = await aKeyCaller(db, { of: caller });
  const invitationId = newId();
  const invited = `${canary}@example.test`;
  await db.owner.pool.query(
    `insert into workspace_invitation (invitation_id, workspace_id, email, role, token_hash, invited_by, expires_at)
     values ($1, $2, $3, 'member', decode(md5($1::uuid::text), 'hex'), $4, now() + interval '7 days')`,
    [invitationId, caller.workspaceId, invited, caller.userId],
  );
  const { rows: sessions } = await db.owner.pool.query<{ id: string }>(
    'select id from auth.session where user_id = $1',
    [caller.userId],
  );
  const sessionId = sessions[0]!.id;
  const quote = await api.call({
    method: 'POST',
    url: '/api/v1/quotes',
    as: caller,
    payload: { model, prompt: canary },
  });
  return {
    ...caller,
    model,
    doneJobId: done.generation_id,
    runningJobId,
    imageId: image.image_id,
    keyId,
    sessionId,
    quoteId: quote.json().quote_id,
    invitationId,
    canaries: [
      canary,
      caller.workspaceId,
      caller.userId,
      caller.email,
      done.generation_id,
      runningJobId,
      image.image_id,
      keyId,
      sessionId,
      invitationId,
      image.storage_key,
    ],
  };
}

/** Every row of a workspace in every table that has a workspace column, as one hash per table. */
export async function hashOfWorkspace(db: TestDatabase, workspaceId: string): Promise<Record<string, string>> {
  const { rows: tables } = await db.owner.pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`,
  );
  const hashes: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await db.owner.pool.query<{ hash: string }>(
      `select md5(coalesce(string_agg(t::text, e'\\n' order by t::text), '')) as hash from public."${name}" t where workspace_id = $1`,
      [workspaceId],
    );
    hashes[name] = rows[0]!.hash;
  }
  return hashes;
}
