import { isAbove } from '@pingvas/domain';
import { sql } from 'kysely';
import { type Actor, permit } from '#platform/actor.ts';
import { withTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import type { WorkspacesDeps } from './deps.ts';
import { keepAnOwner } from './keep-an-owner.ts';
import { getRole, lockWorkspace } from './workspaces.queries.ts';

/**
 * Removes a member from the caller's workspace, or the caller themselves (everybody may leave). Their keys are revoked for good; jobs and images stay with
 * the workspace. Throws `not_found`, `role_not_allowed`, `last_owner`.
 */
export async function removeMember(
  { db, callers }: Pick<WorkspacesDeps, 'db' | 'callers'>,
  actor: Pick<Actor, 'workspaceId' | 'userId'>,
  userId: string,
): Promise<void> {
  const { workspaceId } = actor;
  await withTenant(db, { workspaceId, userId: actor.userId }, async (tx) => {
    const workspace = await lockWorkspace(tx, workspaceId);
    const mine = await getRole(tx, workspaceId, actor.userId);
    const theirs = await getRole(tx, workspaceId, userId);
    permit({ role: mine }, userId === actor.userId ? 'leave' : 'manage_members');
    if (isAbove(theirs, mine)) throw new AppError('role_not_allowed');
    if (theirs === 'owner') await keepAnOwner(tx, { workspaceId, ...workspace }, userId);
    await tx
      .updateTable('api_key')
      .set({ revoked_at: sql<Date>`now()` })
      .where('workspace_id', '=', workspaceId)
      .where('created_by', '=', userId)
      .where('revoked_at', 'is', null)
      .execute();
    await tx
      .deleteFrom('workspace_member')
      .where('workspace_id', '=', workspaceId)
      .where('user_id', '=', userId)
      .execute();
  });
  callers.forget();
}
