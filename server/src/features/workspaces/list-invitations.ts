import { type Actor, permit } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import type { WorkspacesDeps } from './deps.ts';
import { checkCursor, type Page, pageUntil } from './page.ts';
import { invitationView, selectOpenInvitations } from './workspaces.queries.ts';
import type { Invitation } from './workspaces.schemas.ts';

/** Invitations to the caller's workspace that can still be accepted, newest first. Throws `role_not_allowed`. */
export async function listInvitations(
  { db }: Pick<WorkspacesDeps, 'db'>,
  actor: Actor,
  page: Page,
): Promise<{ data: Invitation[]; next_cursor: string | null }> {
  permit(actor, 'manage_invitations');
  const cursor = checkCursor(page);
  const rows = await readTenant(db, actor.workspaceId, (query) => {
    const select = selectOpenInvitations(query, actor.workspaceId).limit(page.limit + 1);
    return cursor === undefined ? select : select.where('invitation_id', '<', cursor);
  });
  return pageUntil(page.limit, rows.map(invitationView), ({ invitation_id: id }) => id);
}
