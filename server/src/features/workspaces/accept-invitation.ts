import { planOrder, plans } from '@pingvas/domain';
import { sql } from 'kysely';
import type { Actor, Role } from '#platform/actor.ts';
import { callTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import type { WorkspacesDeps } from './deps.ts';
import { hashInvitationToken } from './invitation-token.ts';
import type { Membership } from './workspaces.schemas.ts';

type Answer =
  | { outcome: 'accepted'; workspace_id: string; role: Role }
  | { outcome: 'not_found' | 'email_not_verified' | 'invitation_not_yours' }
  | { outcome: 'seats_exhausted'; members_max: number };

/**
 * Makes the caller a member by the token of a mail. Once or many times at once it is one membership. Throws `session_required`, `not_found` for a token that
 * is unknown, used, revoked or expired, `invitation_not_yours`, `email_not_verified`, `seats_exhausted`.
 */
export async function acceptInvitation(
  { db, callers }: Pick<WorkspacesDeps, 'db' | 'callers'>,
  actor: Actor,
  token: string,
): Promise<Membership> {
  if (actor.kind === 'key') throw new AppError('session_required');
  const seats = JSON.stringify(Object.fromEntries(planOrder.map((plan) => [plan, plans[plan].members])));
  const [row] = await callTenant<{ answer: Answer }>(db, { userId: actor.userId }, (query) =>
    query.selectNoFrom(
      sql<Answer>`public.accept_invitation(${hashInvitationToken(token)}, ${actor.userId}, ${seats}::jsonb)`.as(
        'answer',
      ),
    ),
  );
  if (!row) throw new AppError('not_found');
  const { answer } = row;
  if (answer.outcome === 'seats_exhausted') {
    throw new AppError('seats_exhausted', { facts: { members_max: answer.members_max } });
  }
  if (answer.outcome !== 'accepted') throw new AppError(answer.outcome);
  callers.forget();
  return { workspace_id: answer.workspace_id, role: answer.role };
}
