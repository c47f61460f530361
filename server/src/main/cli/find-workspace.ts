import type { Database } from '#platform/db/database.ts';
import { Refusal } from './run.ts';

/** The personal workspace of the account with this address. Throws `Refusal` when there is no such account. */
export async function findPersonalWorkspace(authDb: Database, admin: Database, email: string): Promise<string> {
  const user = await authDb.kysely
    .selectFrom('auth.user')
    .select('id')
    .where('email', '=', email.trim().toLowerCase())
    .executeTakeFirst();
  const workspace =
    user &&
    (await admin.kysely
      .selectFrom('workspace')
      .select('workspace_id')
      .where('owner_user_id', '=', user.id)
      .where('kind', '=', 'personal')
      .executeTakeFirst());
  if (!workspace) throw new Refusal(`No account has the address ${email}.`);
  return workspace.workspace_id;
}
