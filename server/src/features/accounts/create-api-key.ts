import { toMilli } from '@pingvas/domain';
import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import { type Idempotency, type Replayable, withIdempotency } from '#platform/http/idempotency.ts';
import { newId } from '#platform/new-id.ts';
import { makeApiKey } from './api-key-secret.ts';
import { insertApiKey, type KeyValues } from './api-keys.queries.ts';
import type { ApiKey, NewApiKey } from './api-keys.schemas.ts';
import type { AccountsDeps } from './deps.ts';
import { keyRangeOf } from './key-range.ts';

export type CreatedApiKey = ApiKey & { key: string | null };

/** What a request says about a key, as it is stored. Throws `invalid_request` for an expiry that has passed. */
export function keyValuesOf(input: NewApiKey, nowMs: number): KeyValues {
  const expiresAt = input.expires_at ? new Date(input.expires_at) : null;
  if (expiresAt && expiresAt.getTime() <= nowMs) {
    throw new AppError('invalid_request', { errors: [{ pointer: '/expires_at', detail: 'Must lie in the future' }] });
  }
  const budget = input.monthly_credit_budget ?? null;
  return {
    name: input.name,
    scopes: [...new Set(input.scopes ?? ['read', 'generate'])],
    monthly_credit_budget: budget === null ? null : toMilli(budget),
    expires_at: expiresAt,
  };
}

/**
 * Makes an API key of the caller's workspace. The secret is in this answer and nowhere else; the same call replayed answers `key: null`.
 * Throws `session_required`, `role_not_allowed`, `invalid_request`, `idempotency_key_reused`, `idempotency_in_progress`.
 */
export async function createApiKey(
  { db, clock }: Pick<AccountsDeps, 'db' | 'clock'>,
  actor: Actor,
  input: NewApiKey,
  idempotency?: Idempotency,
): Promise<Replayable<CreatedApiKey>> {
  const { workspaceId } = keyRangeOf(actor);
  const values = keyValuesOf(input, clock.nowMs());
  return withIdempotency<CreatedApiKey>(db, { workspaceId, userId: actor.userId }, idempotency, async (tx) => {
    const secret = makeApiKey();
    const key = await insertApiKey(tx, { keyId: newId(), workspaceId, createdBy: actor.userId }, secret, values);
    return { status: 201, body: { ...key, key: secret.secret }, kept: { ...key, key: null } };
  });
}
