import { plans, toCredits } from '@pingvas/domain';
import type { Actor } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { getUsage } from '../credits/index.ts';
import type { Me } from './accounts.schemas.ts';
import type { AccountsDeps } from './deps.ts';

/** The caller, the workspace chosen, all workspaces of the caller, and what the plan allows against what the month has used (credits). */
export async function getMe({ db, authDb }: Pick<AccountsDeps, 'db' | 'authDb'>, actor: Actor): Promise<Me> {
  const user = await authDb.kysely
    .selectFrom('auth.user')
    .leftJoin('auth.account_deletion', 'user_id', 'id')
    .select(['id as user_id', 'email', 'name', 'locale', 'due_at'])
    .where('id', '=', actor.userId)
    .executeTakeFirst();
  const members = await readTenant(db, { userId: actor.userId }, (query) =>
    query
      .selectFrom('workspace_member')
      .innerJoin('workspace', 'workspace.workspace_id', 'workspace_member.workspace_id')
      .select(['workspace.workspace_id', 'name', 'kind', 'role', 'plan', 'suspended_at'])
      .where('user_id', '=', actor.userId)
      .orderBy('kind')
      .orderBy('workspace.workspace_id'),
  );
  const workspaces = members.map(
    ({ suspended_at: suspendedAt, ...workspace }) =>
      ({ ...workspace, suspended: suspendedAt !== null }) as Me['workspace'],
  );
  const workspace = workspaces.find(({ workspace_id: id }) => id === actor.workspaceId);
  if (!workspace || !user) throw new AppError('not_found');
  const usage = await getUsage({ db }, actor.workspaceId);
  const terms = plans[workspace.plan];
  const { due_at: dueAt, ...person } = user;
  return {
    user: { ...person, deletion_due_at: dueAt?.toISOString() ?? null } as Me['user'],
    workspace,
    workspaces,
    limits: {
      credits_per_month: terms.creditsPerMonth === null ? null : toCredits(terms.creditsPerMonth),
      storage_bytes: terms.storageBytes,
      api_calls: terms.apiCallsPerMonth,
      running_max: terms.runningMax,
      waiting_max: terms.waitingMax,
      members: terms.members,
      priority: terms.priority,
    },
    usage: {
      credits_used_this_month: toCredits(usage.usedMilli),
      api_calls: usage.apiCalls,
      storage_bytes: usage.storageBytes,
    },
    period: { start: usage.period.start.toISOString(), end: usage.period.end.toISOString() },
  };
}
