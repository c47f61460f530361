import { sql } from 'kysely';
import type { Plan, Role } from '#platform/actor.ts';
import type { TenantQuery, TenantTx } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import type { Invitation, Workspace } from './workspaces.schemas.ts';

export type LockedWorkspace = { name: string; kind: string; plan: Plan; owner_user_id: string };

/**
 * The workspace, whose row is the lock under which its members and invitations change: one after the other, so that the last owner and the last seat
 * are counted right. Rows that only refer to the workspace (a first use in a month) do not wait for it. Throws `not_found`.
 */
export async function lockWorkspace(tx: TenantTx, workspaceId: string): Promise<LockedWorkspace> {
  const row = await tx
    .selectFrom('workspace')
    .select(['name', 'kind', 'plan', 'owner_user_id'])
    .where('workspace_id', '=', workspaceId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!row) throw new AppError('not_found');
  return row as LockedWorkspace;
}

/** The role somebody has here now, undefined when none: what was known at the door may be a second old. */
export async function findRole(tx: TenantTx, workspaceId: string, userId: string): Promise<Role | undefined> {
  const row = await tx
    .selectFrom('workspace_member')
    .select('role')
    .where('workspace_id', '=', workspaceId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.role as Role | undefined;
}

/** `findRole` that throws `not_found`. */
export async function getRole(tx: TenantTx, workspaceId: string, userId: string): Promise<Role> {
  const role = await findRole(tx, workspaceId, userId);
  if (!role) throw new AppError('not_found');
  return role;
}

/** Seats taken: members and invitations that can still be accepted. */
export async function countSeats(tx: TenantTx, workspaceId: string): Promise<number> {
  const { rows } = await sql<{ seats: number }>`
    select (select count(*) from public.workspace_member where workspace_id = ${workspaceId}::uuid)::int
      + (select count(*) from public.workspace_invitation where workspace_id = ${workspaceId}::uuid
          and accepted_at is null and revoked_at is null and expires_at > now())::int as seats`.execute(tx);
  return rows[0]?.seats ?? 0;
}

/** Tells every process to forget what it remembers about callers, when this transaction commits. For what no trigger sees: somebody came in. */
export async function notifyAccess(tx: TenantTx): Promise<void> {
  await sql`select pg_notify('pingvas_access', '')`.execute(tx);
}

/** Workspaces of a person, newest first. */
export const selectWorkspaces = (query: TenantQuery, userId: string) =>
  query
    .selectFrom('workspace_member')
    .innerJoin('workspace', 'workspace.workspace_id', 'workspace_member.workspace_id')
    .select(['workspace.workspace_id', 'name', 'kind', 'role', 'plan', 'suspended_at'])
    .where('user_id', '=', userId)
    .orderBy('workspace.workspace_id', 'desc');

type WorkspaceRow = {
  workspace_id: string;
  name: string;
  kind: string;
  role: string;
  plan: string;
  suspended_at: Date | null;
};
export const workspaceView = ({ suspended_at: suspendedAt, ...workspace }: WorkspaceRow): Workspace =>
  ({ ...workspace, suspended: suspendedAt !== null }) as Workspace;

/** Members with what they spent (milli-credits) in the period that began at `periodStart`, newest account first. */
export const selectMembers = (query: TenantQuery, workspaceId: string, periodStart: Date) =>
  query
    .selectFrom('workspace_member as m')
    .leftJoin('member_usage as u', (join) =>
      join
        .onRef('u.workspace_id', '=', 'm.workspace_id')
        .onRef('u.user_id', '=', 'm.user_id')
        .on('u.period_start', '=', periodStart),
    )
    .select(['m.user_id', 'role', 'monthly_credit_budget', 'm.created_at', 'spent'])
    .where('m.workspace_id', '=', workspaceId)
    .orderBy('m.user_id', 'desc');

const invitationColumns = ['invitation_id', 'email', 'role', 'invited_by', 'created_at', 'expires_at'] as const;

/** Invitations that can still be accepted, newest first. */
export const selectOpenInvitations = (query: TenantQuery, workspaceId: string) =>
  query
    .selectFrom('workspace_invitation')
    .select(invitationColumns)
    .where('workspace_id', '=', workspaceId)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .orderBy('invitation_id', 'desc');

export async function insertInvitation(
  tx: TenantTx,
  values: {
    invitation_id: string;
    workspace_id: string;
    email: string;
    role: Role;
    token_hash: Buffer;
    invited_by: string;
    validDays: number;
  },
): Promise<Invitation> {
  const { validDays, ...row } = values;
  const stored = await tx
    .insertInto('workspace_invitation')
    .values({ ...row, expires_at: sql<Date>`now() + ${validDays} * interval '1 day'` })
    .returning(invitationColumns)
    .executeTakeFirstOrThrow();
  return invitationView(stored);
}

/** Takes open invitations back: the one with this id, or the one to this address. Returns how many there were. */
export async function revokeInvitations(
  tx: TenantTx,
  workspaceId: string,
  which: { invitationId: string } | { email: string },
): Promise<number> {
  const update = tx
    .updateTable('workspace_invitation')
    .set({ revoked_at: sql<Date>`now()` })
    .where('workspace_id', '=', workspaceId)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null);
  const { numUpdatedRows } = await (
    'email' in which ? update.where('email', '=', which.email) : update.where('invitation_id', '=', which.invitationId)
  ).executeTakeFirst();
  return Number(numUpdatedRows);
}

export type InvitationRow = {
  invitation_id: string;
  email: string;
  role: string;
  invited_by: string;
  created_at: Date;
  expires_at: Date;
};
export const invitationView = (row: InvitationRow): Invitation => ({
  invitation_id: row.invitation_id,
  email: row.email,
  role: row.role as Role,
  invited_by: row.invited_by,
  created_at: row.created_at.toISOString(),
  expires_at: row.expires_at.toISOString(),
});
