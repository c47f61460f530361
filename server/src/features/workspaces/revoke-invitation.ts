import { type Actor, permit } from '#platform/actor.ts';
import { withTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { isId } from '#platform/http/schemas.ts';
import type { WorkspacesDeps } from './deps.ts';
import { getRole, lockWorkspace, revokeInvitations } from './workspaces.queries.ts';

/** Takes an open invitation back; its seat is free at once. Throws `role_not_allowed`, and `not_found` for one that is not open. */
export async function revokeInvitation(
  { db }: Pick<WorkspacesDeps, 'db'>,
  actor: Actor,
  invitationId: string,
): Promise<void> {
  const { workspaceId, userId } = actor;
  await withTenant(db, { workspaceId, userId }, async (tx) => {
    await lockWorkspace(tx, workspaceId);
    permit({ role: await getRole(tx, workspaceId, userId) }, 'manage_invitations');
    const revoked = isId(invitationId) ? await revokeInvitations(tx, workspaceId, { invitationId }) : 0;
    if (revoked === 0) throw new AppError('not_found');
  });
}
