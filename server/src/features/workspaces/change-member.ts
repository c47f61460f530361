import { isAbove, toMilli } from '@pingvas/domain';
import { type Actor, permit } from '#platform/actor.ts';
import { withTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import type { WorkspacesDeps } from './deps.ts';
import { keepAnOwner } from './keep-an-owner.ts';
import { getMember } from './list-members.ts';
import { getRole, lockWorkspace } from './workspaces.queries.ts';
import type { Member, MemberChange } from './workspaces.schemas.ts';

/**
 * Gives a member of the caller's workspace another role or budget (null removes the budget). Nobody gives a role above their own, changes somebody above
 * them, or, unless an owner, a budget of their own. Throws `not_found`, `role_not_allowed`, `last_owner`.
 */
export async function changeMember(
  deps: Pick<WorkspacesDeps, 'db' | 'authDb' | 'callers'>,
  actor: Actor,
  userId: string,
  change: MemberChange,
): Promise<Member> {
  const { workspaceId } = actor;
  const budget = change.monthly_credit_budget;
  await withTenant(deps.db, { workspaceId, userId: actor.userId }, async (tx) => {
    const workspace = await lockWorkspace(tx, workspaceId);
    const mine = await getRole(tx, workspaceId, actor.userId);
    const theirs = await getRole(tx, workspaceId, userId);
    permit({ role: mine }, 'manage_members');
    if (isAbove(theirs, mine) || (change.role && isAbove(change.role, mine))) throw new AppError('role_not_allowed');
    if (budget !== undefined && userId === actor.userId) permit({ role: mine }, 'change_own_budget');
    if (theirs === 'owner' && change.role && change.role !== 'owner') {
      await keepAnOwner(tx, { workspaceId, ...workspace }, userId);
    }
    await tx
      .updateTable('workspace_member')
      .set((row) => ({
        role: change.role ?? row.ref('role'),
        ...(budget !== undefined && { monthly_credit_budget: budget === null ? null : toMilli(budget) }),
      }))
      .where('workspace_id', '=', workspaceId)
      .where('user_id', '=', userId)
      .execute();
  });
  deps.callers.forget();
  return getMember(deps, actor, userId);
}
