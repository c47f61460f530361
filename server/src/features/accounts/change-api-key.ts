import type { Actor } from '#platform/actor.ts';
import { withTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { isId } from '#platform/http/schemas.ts';
import { type KeyValues, updateApiKey } from './api-keys.queries.ts';
import type { ApiKey, ApiKeyChange } from './api-keys.schemas.ts';
import { keyValuesOf } from './create-api-key.ts';
import type { AccountsDeps } from './deps.ts';
import { keyRangeOf } from './key-range.ts';

type Needs = Pick<AccountsDeps, 'db' | 'callers' | 'clock'>;

/** Changes what is named and leaves the rest; null removes a budget or an expiry. Throws `not_found` and what `createApiKey` throws. */
export async function changeApiKey(deps: Needs, actor: Actor, keyId: string, change: ApiKeyChange): Promise<ApiKey> {
  const values = keyValuesOf({ name: '', ...change } as ApiKeyChange & { name: string }, deps.clock.nowMs());
  const named = Object.fromEntries(
    Object.entries(values).filter(([name]) => change[name as keyof ApiKeyChange] !== undefined),
  );
  return write(deps, actor, keyId, named);
}

/** Revokes a key: from now on it opens nothing. Throws `not_found`, also for one that is revoked already. */
export async function revokeApiKey(deps: Needs, actor: Actor, keyId: string): Promise<void> {
  await write(deps, actor, keyId, { revoked: true });
}

async function write(
  { db, callers }: Needs,
  actor: Actor,
  keyId: string,
  values: Partial<KeyValues> & { revoked?: true },
): Promise<ApiKey> {
  const range = keyRangeOf(actor);
  const key = isId(keyId)
    ? await withTenant(db, range.workspaceId, (tx) => updateApiKey(tx, range, keyId, values))
    : undefined;
  if (!key) throw new AppError('not_found');
  callers.forget();
  return key;
}
