import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';
import { type TenantScope, type TenantTx, withTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';

/** A call that may be repeated: the caller's key, and what the call was. */
export type Idempotency = { key: string; fingerprint: string };

/**
 * The `Idempotency-Key` of a request with its fingerprint: method, path and SHA-256 of the canonical body (RFC 8785), or of `content` (an uploaded
 * file). Undefined when there is no key. Throws `invalid_request` for a key that is not 1 to 255 printable characters.
 */
export function idempotencyOf(request: FastifyRequest, content?: Uint8Array): Idempotency | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new AppError('invalid_request', {
      errors: [{ pointer: '/headers/idempotency-key', detail: 'Use 1 to 255 printable ASCII characters' }],
    });
  }
  const hash = createHash('sha256').update(content ?? canonicalize(request.body ?? null) ?? '');
  const path = request.url.split('?')[0] ?? '';
  return { key, fingerprint: `${request.method} ${path} ${hash.digest('hex')}` };
}

/** An answer together with the form of it that may be kept (a secret shown once is kept as null). */
export type Answer<Body> = { status: number; body: Body; kept?: Body };
export type Replayable<Body> = { status: number; body: Body; replayed: boolean };

/**
 * Runs `work` in one transaction inside a workspace, at most once per key within 24 hours: the answer is kept in the same transaction as the effect.
 * A second call with the same key and fingerprint gets the first one's answer. Throws `idempotency_in_progress` while the first still runs, and
 * `idempotency_key_reused` when the key belongs to another request. What `work` throws is not kept.
 */
export async function withIdempotency<Body>(
  db: Database,
  scope: TenantScope & { workspaceId: string },
  idempotency: Idempotency | undefined,
  work: (tx: TenantTx) => Promise<Answer<Body>>,
): Promise<Replayable<Body>> {
  return withTenant(db, scope, async (tx) => {
    if (!idempotency) return { ...(await work(tx)), replayed: false };
    const { key, fingerprint } = idempotency;
    const lock = `${scope.workspaceId} ${key}`;
    const { rows } = await sql<{
      free: boolean;
    }>`select pg_try_advisory_xact_lock(hashtextextended(${lock}, 0)) as free`.execute(tx);
    if (!rows[0]?.free) throw new AppError('idempotency_in_progress', { headers: { 'retry-after': '1' } });
    const before = await tx
      .selectFrom('idempotency')
      .select(['fingerprint', 'status_code', 'response'])
      .where('workspace_id', '=', scope.workspaceId)
      .where('key', '=', key)
      .where('created_at', '>', sql<Date>`now() - interval '24 hours'`)
      .executeTakeFirst();
    if (before) {
      if (before.fingerprint !== fingerprint) throw new AppError('idempotency_key_reused');
      return { status: before.status_code, body: before.response as Body, replayed: true };
    }
    const answer = await work(tx);
    const row = { fingerprint, status_code: answer.status, response: JSON.stringify(answer.kept ?? answer.body) };
    await tx
      .insertInto('idempotency')
      .values({ workspace_id: scope.workspaceId, key, ...row })
      .onConflict((conflict) =>
        conflict.columns(['workspace_id', 'key']).doUpdateSet({ ...row, created_at: sql`now()` }),
      )
      .execute();
    return { status: answer.status, body: answer.body, replayed: false };
  });
}
