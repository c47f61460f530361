import type { Database } from '#platform/db/database.ts';
import { AppError } from '#platform/errors.ts';
import { newId } from '#platform/new-id.ts';
import { makeApiKey } from './api-key-secret.ts';
import { insertApiKey } from './api-keys.queries.ts';
import { keyValuesOf } from './create-api-key.ts';
import type { AccountsDeps } from './deps.ts';
import { findPersonalWorkspace } from './find-personal-workspace.ts';

/** The operator's way to make a key, in the personal workspace of the person with this address. Throws `not_found` when nobody has it. */
export async function createKey(
  deps: Pick<AccountsDeps, 'authDb' | 'clock'> & { admin: Database },
  { email, name }: { email: string; name: string },
): Promise<{ id: string; key: string; prefix: string }> {
  const owner = await findPersonalWorkspace(deps, email);
  if (!owner) throw new AppError('not_found');
  const secret = makeApiKey();
  const key = await insertApiKey(
    deps.admin.kysely,
    { keyId: newId(), workspaceId: owner.workspaceId, createdBy: owner.userId },
    secret,
    keyValuesOf({ name }, deps.clock.nowMs()),
  );
  return { id: key.id, key: secret.secret, prefix: secret.prefix };
}
