import type { Actor } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import type { WorkspacesDeps } from './deps.ts';
import { checkCursor, type Page, pageUntil } from './page.ts';
import { selectWorkspaces, workspaceView } from './workspaces.queries.ts';
import type { Workspace } from './workspaces.schemas.ts';

/** All workspaces of the caller with their role in each, newest first. Throws `invalid_request` for a cursor that is none. */
export async function listWorkspaces(
  { db }: Pick<WorkspacesDeps, 'db'>,
  actor: Actor,
  page: Page,
): Promise<{ data: Workspace[]; next_cursor: string | null }> {
  const cursor = checkCursor(page);
  const rows = await readTenant(db, { userId: actor.userId }, (query) => {
    const select = selectWorkspaces(query, actor.userId).limit(page.limit + 1);
    return cursor === undefined ? select : select.where('workspace.workspace_id', '<', cursor);
  });
  return pageUntil(page.limit, rows.map(workspaceView), ({ workspace_id: id }) => id);
}
