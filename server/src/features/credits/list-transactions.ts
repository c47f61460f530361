import type { Actor } from '#platform/actor.ts';
import type { Database } from '#platform/db/database.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { isId } from '#platform/http/schemas.ts';
import { selectHistory } from './credits.queries.ts';
import type { EntryView } from './credits.schemas.ts';
import { entryView } from './entry-view.ts';

/**
 * A page of what changed the workspace's balance, newest first. `cursor` is the id of the last entry seen; throws `invalid_request` for another word.
 */
export async function listTransactions(
  deps: { db: Database },
  actor: Actor,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ data: EntryView[]; next_cursor: string | null }> {
  const { limit, cursor } = page;
  if (cursor !== undefined && !isId(cursor)) {
    throw new AppError('invalid_request', { errors: [{ pointer: '/cursor', detail: 'Not a cursor of this list' }] });
  }
  const { workspaceId } = actor;
  const rows = await readTenant(deps.db, workspaceId, (query) =>
    selectHistory(query, workspaceId, { limit, before: cursor }),
  );
  const shown = rows.slice(0, limit);
  return { data: shown.map(entryView), next_cursor: rows.length > limit ? (shown.at(-1)?.entry_id ?? null) : null };
}
