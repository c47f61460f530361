import type { Actor } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { isId } from '#platform/http/schemas.ts';
import { apiKeyView, selectApiKeys } from './api-keys.queries.ts';
import type { ApiKey } from './api-keys.schemas.ts';
import type { AccountsDeps } from './deps.ts';
import { keyRangeOf } from './key-range.ts';

/** The live keys the caller manages, newest first. The cursor is the last id of the page before. Throws `invalid_request` for any other. */
export async function listApiKeys(
  { db }: Pick<AccountsDeps, 'db'>,
  actor: Actor,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ data: ApiKey[]; next_cursor: string | null }> {
  if (page.cursor !== undefined && !isId(page.cursor)) {
    throw new AppError('invalid_request', { errors: [{ pointer: '/cursor', detail: 'Not a cursor of ours' }] });
  }
  const range = keyRangeOf(actor);
  const rows = await readTenant(db, range.workspaceId, (query) =>
    selectApiKeys(query, range, { after: page.cursor, limit: page.limit + 1 }),
  );
  const data = rows.slice(0, page.limit).map(apiKeyView);
  return { data, next_cursor: rows.length > page.limit ? (data.at(-1)?.id ?? null) : null };
}
