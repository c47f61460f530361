import { may } from '@pingvas/domain';
import { z } from 'zod';
import type { Mail } from '#adapters/mail/port.ts';
import type { Role } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import type { Chores } from '#platform/jobs/chores.ts';
import { budgetMail, invitationMail } from '../notifications/index.ts';
import type { WorkspacesDeps } from './deps.ts';
import { findPeople, findUserIdByEmail } from './find-people.ts';
import { invitationToken } from './invitation-token.ts';
import { selectOpenInvitations } from './workspaces.queries.ts';

const InvitationPayload = z.object({ workspace_id: z.string(), invitation_id: z.string() });
const AlertPayload = z.object({
  workspace_id: z.string(),
  kind: z.enum(['key', 'member']),
  subject_id: z.string(),
  period_start: z.string(),
  threshold: z.union([z.literal(50), z.literal(80), z.literal(100)]),
});

type Needs = Pick<WorkspacesDeps, 'db' | 'authDb' | 'secret' | 'publicUrl'> & { mail: Mail };

/** The mails of workspaces. Each may run twice: a mail has the id of what caused it. */
export function workspacesChores(deps: Needs): Chores {
  return {
    send_invitation_mail: async (payload) => sendInvitation(deps, InvitationPayload.parse(payload)),
    send_budget_alert: async (payload) => sendAlert(deps, AlertPayload.parse(payload)),
  };
}

async function sendInvitation(
  { db, authDb, secret, publicUrl, mail }: Needs,
  { workspace_id: workspaceId, invitation_id: invitationId }: z.infer<typeof InvitationPayload>,
): Promise<void> {
  const [invitation] = await readTenant(db, workspaceId, (query) =>
    selectOpenInvitations(query, workspaceId).where('invitation_id', '=', invitationId),
  );
  if (!invitation) return;
  const invitedUserId = await findUserIdByEmail(authDb, invitation.email);
  const people = await findPeople(authDb, [invitation.invited_by, ...(invitedUserId ? [invitedUserId] : [])]);
  const inviter = people.get(invitation.invited_by);
  if (!inviter) return;
  const reader = invitedUserId ? people.get(invitedUserId) : undefined;
  await mail.send({
    messageId: `invitation:${invitationId}`,
    to: invitation.email,
    ...invitationMail((reader ?? inviter).language, {
      inviterEmail: inviter.email,
      link: `${publicUrl}/invitations/${invitationToken(secret, invitationId)}`,
    }),
  });
}

async function sendAlert({ db, authDb, publicUrl, mail }: Needs, alert: z.infer<typeof AlertPayload>): Promise<void> {
  const { workspace_id: workspaceId, kind, subject_id: subjectId, threshold } = alert;
  const members = await readTenant(db, workspaceId, (query) =>
    query
      .selectFrom('workspace_member')
      .innerJoin('workspace', 'workspace.workspace_id', 'workspace_member.workspace_id')
      .select(['user_id', 'role', 'name'])
      .where('workspace_member.workspace_id', '=', workspaceId),
  );
  const [key] =
    kind === 'key'
      ? await readTenant(db, workspaceId, (query) =>
          query.selectFrom('api_key').select(['created_by', 'prefix']).where('key_id', '=', subjectId),
        )
      : [];
  const memberId = key?.created_by ?? subjectId;
  const readers = members.filter(
    ({ user_id: id, role }) =>
      id === memberId || may(role as Role, kind === 'key' ? 'manage_all_keys' : 'manage_members'),
  );
  const people = await findPeople(authDb, [memberId, ...readers.map(({ user_id: id }) => id)]);
  const whose = key?.prefix ?? people.get(memberId)?.email;
  if (whose === undefined) return;
  for (const { user_id: userId, name } of readers) {
    const reader = people.get(userId);
    if (!reader) continue;
    await mail.send({
      messageId: `budget:${kind}:${subjectId}:${alert.period_start}:${threshold}:${userId}`,
      to: reader.email,
      ...budgetMail(reader.language, { kind, whose, workspace: name, threshold, link: publicUrl }),
    });
  }
}
