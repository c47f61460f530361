import { type Actor, permit } from '#platform/actor.ts';
import { withTenant } from '#platform/db/tenant.ts';
import type { WorkspacesDeps } from './deps.ts';
import { getRole, lockWorkspace, selectWorkspaces, workspaceView } from './workspaces.queries.ts';
import type { Workspace } from './workspaces.schemas.ts';

/** Gives the caller's workspace another name. Throws `not_found`, `role_not_allowed`. */
export async function renameWorkspace(
  { db, callers }: Pick<WorkspacesDeps, 'db' | 'callers'>,
  actor: Actor,
  change: { name: string },
): Promise<Workspace> {
  const { workspaceId, userId } = actor;
  const row = await withTenant(db, { workspaceId, userId }, async (tx) => {
    await lockWorkspace(tx, workspaceId);
    permit({ role: await getRole(tx, workspaceId, userId) }, 'rename_workspace');
    await tx.updateTable('workspace').set({ name: change.name }).where('workspace_id', '=', workspaceId).execute();
    return selectWorkspaces(tx, userId).where('workspace.workspace_id', '=', workspaceId).executeTakeFirstOrThrow();
  });
  callers.forget();
  return workspaceView(row);
}
