import { isAbove, plans } from '@pingvas/domain';
import { type Actor, permit } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import { type Idempotency, type Replayable, withIdempotency } from '#platform/http/idempotency.ts';
import { newId } from '#platform/new-id.ts';
import type { WorkspacesDeps } from './deps.ts';
import { findUserIdByEmail } from './find-people.ts';
import { hashInvitationToken, invitationToken } from './invitation-token.ts';
import { verifiedPerson } from './verified-person.ts';
import {
  countSeats,
  findRole,
  getRole,
  insertInvitation,
  lockWorkspace,
  revokeInvitations,
} from './workspaces.queries.ts';
import type { Invitation, NewInvitation } from './workspaces.schemas.ts';

/** How long an invitation can be accepted. */
const invitationDays = 7;

/**
 * Invites an address to the caller's workspace; a chore sends the mail. An open invitation to the same address is taken back: the newest mail counts. Open
 * invitations keep their seat. Throws `email_not_verified`, `not_found`, `role_not_allowed`, `already_member`, `seats_exhausted`, and what idempotency throws.
 */
export async function inviteMember(
  { db, authDb, secret }: Pick<WorkspacesDeps, 'db' | 'authDb' | 'secret'>,
  actor: Actor,
  input: NewInvitation,
  idempotency?: Idempotency,
): Promise<Replayable<Invitation>> {
  const { workspaceId, userId } = verifiedPerson(actor);
  const { email, role } = input;
  const invitedUserId = await findUserIdByEmail(authDb, email);
  return withIdempotency<Invitation>(db, { workspaceId, userId }, idempotency, async (tx) => {
    const { plan } = await lockWorkspace(tx, workspaceId);
    const mine = await getRole(tx, workspaceId, userId);
    permit({ role: mine }, 'manage_invitations');
    if (isAbove(role, mine)) throw new AppError('role_not_allowed');
    if (invitedUserId && (await findRole(tx, workspaceId, invitedUserId))) throw new AppError('already_member');
    await revokeInvitations(tx, workspaceId, { email });
    const seats = plans[plan].members;
    if (seats !== null && (await countSeats(tx, workspaceId)) >= seats) {
      throw new AppError('seats_exhausted', { facts: { members_max: seats } });
    }
    const invitationId = newId();
    const invitation = await insertInvitation(tx, {
      invitation_id: invitationId,
      workspace_id: workspaceId,
      email,
      role,
      token_hash: hashInvitationToken(invitationToken(secret, invitationId)),
      invited_by: userId,
      validDays: invitationDays,
    });
    const payload = JSON.stringify({ workspace_id: workspaceId, invitation_id: invitationId });
    await tx.insertInto('outbox').values({ task: 'send_invitation_mail', payload }).execute();
    return { status: 201, body: invitation };
  });
}
