import { toCredits } from '@pingvas/domain';
import { sql } from 'kysely';
import type { TenantQuery, TenantTx } from '#platform/db/tenant.ts';
import type { ApiKey } from './api-keys.schemas.ts';
import type { NewApiKey as Secret } from './api-key-secret.ts';

const columns = [
  'key_id',
  'name',
  'prefix',
  'scopes',
  'monthly_credit_budget',
  'expires_at',
  'last_used_at',
  'created_at',
] as const;

type Row = {
  key_id: string;
  name: string;
  prefix: string;
  scopes: string[];
  monthly_credit_budget: number | null;
  expires_at: Date | null;
  last_used_at: Date | null;
  created_at: Date;
};

export const apiKeyView = (row: Row): ApiKey => ({
  id: row.key_id,
  name: row.name,
  prefix: row.prefix,
  scopes: row.scopes as ApiKey['scopes'],
  monthly_credit_budget: row.monthly_credit_budget === null ? null : toCredits(row.monthly_credit_budget),
  expires_at: row.expires_at?.toISOString() ?? null,
  last_used_at: row.last_used_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});

/** Which keys a caller manages: all of the workspace, or (`createdBy`) only their own. */
export type KeyRange = { workspaceId: string; createdBy: string | undefined };

/** The live keys in range, newest first, after the one with id `after`. */
export function selectApiKeys(query: TenantQuery, range: KeyRange, page: { after: string | undefined; limit: number }) {
  let select = query
    .selectFrom('api_key')
    .select(columns)
    .where('workspace_id', '=', range.workspaceId)
    .where('revoked_at', 'is', null)
    .orderBy('key_id', 'desc')
    .limit(page.limit);
  if (range.createdBy !== undefined) select = select.where('created_by', '=', range.createdBy);
  if (page.after !== undefined) select = select.where('key_id', '<', page.after);
  return select;
}

export type KeyValues = {
  name: string;
  scopes: string[];
  /** Milli-credits. */
  monthly_credit_budget: number | null;
  expires_at: Date | null;
};

export async function insertApiKey(
  tx: Pick<TenantTx, 'insertInto'>,
  owner: { keyId: string; workspaceId: string; createdBy: string },
  secret: Secret,
  values: KeyValues,
): Promise<ApiKey> {
  const row = await tx
    .insertInto('api_key')
    .values({
      key_id: owner.keyId,
      workspace_id: owner.workspaceId,
      created_by: owner.createdBy,
      hash: secret.hash,
      prefix: secret.prefix,
      ...values,
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  return apiKeyView(row);
}

/** Changes a live key in range; undefined when there is none. */
export async function updateApiKey(
  tx: TenantTx,
  range: KeyRange,
  keyId: string,
  values: Partial<KeyValues> & { revoked?: true },
): Promise<ApiKey | undefined> {
  const { revoked, ...set } = values;
  let update = tx
    .updateTable('api_key')
    // A change of nothing is a change of the name to itself: the answer is the key.
    .set((row) => ({ name: row.ref('name'), ...set, ...(revoked && { revoked_at: sql<Date>`now()` }) }))
    .where('key_id', '=', keyId)
    .where('workspace_id', '=', range.workspaceId)
    .where('revoked_at', 'is', null);
  if (range.createdBy !== undefined) update = update.where('created_by', '=', range.createdBy);
  const row = await update.returning(columns).executeTakeFirst();
  return row && apiKeyView(row);
}
