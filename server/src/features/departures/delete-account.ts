import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';
import { callTenant } from '#platform/db/tenant.ts';
import type { AccountsDeps } from '../accounts/index.ts';
import { endSubscription, type PaymentProviders } from '../billing/index.ts';
import { removeMember } from '../workspaces/index.ts';
import { listHomes } from './list-homes.ts';

export type DepartureDeps = Pick<AccountsDeps, 'db' | 'authDb' | 'callers' | 'clock' | 'log'> & {
  payments: PaymentProviders;
};

/**
 * Deletes a person who is due: leaves what is shared, erases what is theirs alone, then the person. Each step may run twice. Returns false while a job still
 * runs (it was told to stop): the next run goes on. Throws `last_owner`, and what ending a subscription throws.
 */
export async function deleteAccount(deps: DepartureDeps, userId: string): Promise<boolean> {
  for (const { workspaceId, shared } of await listHomes(deps.db, userId)) {
    if (shared) {
      await removeMember(deps, { workspaceId, userId }, userId);
    } else {
      await endSubscription(deps, workspaceId);
      if ((await eraseWorkspace(deps.db, workspaceId)) !== 'erased') return false;
    }
  }
  await deps.authDb.kysely.deleteFrom('auth.user').where('id', '=', userId).execute();
  deps.callers.forget();
  return true;
}

type Erased = 'erased' | 'busy' | 'in_use' | 'not_found';

async function eraseWorkspace(db: Database, workspaceId: string): Promise<Erased | undefined> {
  const [row] = await callTenant<{ outcome: Erased }>(db, workspaceId, (query) =>
    query.selectNoFrom(sql<Erased>`public.erase_workspace(${workspaceId}::uuid)`.as('outcome')),
  );
  return row?.outcome;
}
