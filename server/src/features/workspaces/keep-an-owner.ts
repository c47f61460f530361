import type { TenantTx } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import type { LockedWorkspace } from './workspaces.queries.ts';

/**
 * An owner is about to stop being one: makes sure that another stays, and that the workspace is in the name of one who stays. A personal workspace stays
 * its person's. The caller holds the workspace's lock. Throws `last_owner`.
 */
export async function keepAnOwner(
  tx: TenantTx,
  workspace: LockedWorkspace & { workspaceId: string },
  leavingUserId: string,
): Promise<void> {
  const isTheirs = workspace.owner_user_id === leavingUserId;
  if (workspace.kind === 'personal' && isTheirs) throw new AppError('last_owner');
  const next = await tx
    .selectFrom('workspace_member')
    .select('user_id')
    .where('workspace_id', '=', workspace.workspaceId)
    .where('role', '=', 'owner')
    .where('user_id', '<>', leavingUserId)
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst();
  if (!next) throw new AppError('last_owner');
  if (isTheirs) {
    await tx
      .updateTable('workspace')
      .set({ owner_user_id: next.user_id })
      .where('workspace_id', '=', workspace.workspaceId)
      .execute();
  }
}
