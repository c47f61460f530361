import { toCredits } from '@pingvas/domain';
import { type Actor, permit, type Role } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { getUsage } from '../credits/index.ts';
import type { WorkspacesDeps } from './deps.ts';
import { findPeople } from './find-people.ts';
import { checkCursor, type Page, pageUntil } from './page.ts';
import { selectMembers } from './workspaces.queries.ts';
import type { Member } from './workspaces.schemas.ts';

type Needs = Pick<WorkspacesDeps, 'db' | 'authDb'>;

/** Members of the caller's workspace with what they spent this month (credits), newest account first. */
export async function listMembers(
  deps: Needs,
  actor: Actor,
  page: Page,
): Promise<{ data: Member[]; next_cursor: string | null }> {
  permit(actor, 'read');
  const members = await readMembers(deps, actor.workspaceId, { after: checkCursor(page), limit: page.limit + 1 });
  return pageUntil(page.limit, members, ({ user_id: id }) => id);
}

/** One member of the caller's workspace. Throws `not_found`. */
export async function getMember(deps: Needs, actor: Actor, userId: string): Promise<Member> {
  permit(actor, 'read');
  const [member] = await readMembers(deps, actor.workspaceId, { userId, limit: 1 });
  if (!member) throw new AppError('not_found');
  return member;
}

async function readMembers(
  { db, authDb }: Needs,
  workspaceId: string,
  range: { after?: string | undefined; userId?: string; limit: number },
): Promise<Member[]> {
  const { period } = await getUsage({ db }, workspaceId);
  const rows = await readTenant(db, workspaceId, (query) => {
    let select = selectMembers(query, workspaceId, period.start).limit(range.limit);
    if (range.after !== undefined) select = select.where('m.user_id', '<', range.after);
    if (range.userId !== undefined) select = select.where('m.user_id', '=', range.userId);
    return select;
  });
  const people = await findPeople(
    authDb,
    rows.map((row) => row.user_id),
  );
  return rows.map((row) => ({
    user_id: row.user_id,
    email: people.get(row.user_id)?.email ?? '',
    name: people.get(row.user_id)?.name ?? '',
    role: row.role as Role,
    monthly_credit_budget: row.monthly_credit_budget === null ? null : toCredits(row.monthly_credit_budget),
    credits_used_this_month: toCredits(row.spent ?? 0),
    joined_at: row.created_at.toISOString(),
  }));
}
