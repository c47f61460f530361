import type { Database } from '#platform/db/database.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';

/** A workspace somebody belongs to. `shared`: others do too. */
export type Home = { workspaceId: string; shared: boolean };

/** The workspaces of a person who wants to go. Throws `last_owner` when others would be left in one of them without an owner. */
export async function listHomes(db: Database, userId: string): Promise<Home[]> {
  const workspaces = await readTenant(db, { userId }, (query) =>
    query
      .selectFrom('workspace_member')
      .innerJoin('workspace', 'workspace.workspace_id', 'workspace_member.workspace_id')
      .select(['workspace.workspace_id as workspaceId', 'kind', 'owner_user_id', 'role'])
      .where('user_id', '=', userId),
  );
  return Promise.all(
    workspaces.map(async ({ workspaceId, kind, owner_user_id: ownerId, role }) => {
      const others = await readTenant(db, workspaceId, (query) =>
        query
          .selectFrom('workspace_member')
          .select('role')
          .where('workspace_id', '=', workspaceId)
          .where('user_id', '<>', userId),
      );
      const shared = others.length > 0;
      const passesOn = role !== 'owner' || others.some((other) => other.role === 'owner');
      if (shared && (!passesOn || (kind === 'personal' && ownerId === userId))) throw new AppError('last_owner');
      return { workspaceId, shared };
    }),
  );
}
