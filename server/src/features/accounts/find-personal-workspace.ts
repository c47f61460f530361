import type { Database } from '#platform/db/database.ts';

/** The account with this address and its personal workspace, for the operator; undefined when nobody has the address. */
export async function findPersonalWorkspace(
  { authDb, admin }: { authDb: Database; admin: Database },
  email: string,
): Promise<{ userId: string; workspaceId: string } | undefined> {
  const user = await authDb.kysely
    .selectFrom('auth.user')
    .select('id')
    .where('email', '=', email.trim().toLowerCase())
    .executeTakeFirst();
  if (!user) return undefined;
  const workspace = await admin.kysely
    .selectFrom('workspace')
    .select('workspace_id')
    .where('owner_user_id', '=', user.id)
    .where('kind', '=', 'personal')
    .executeTakeFirst();
  return workspace && { userId: user.id, workspaceId: workspace.workspace_id };
}
