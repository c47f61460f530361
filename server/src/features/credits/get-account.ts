import type { Database } from '#platform/db/database.ts';
import { callTenant, readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { callCatchUp, selectAccount } from './credits.queries.ts';

/** The account row of a workspace with its grants (milli-credits), brought to the present first. Throws `not_found`. */
export async function getAccount({ db }: { db: Database }, workspaceId: string) {
  const read = async () => {
    const [account] = await readTenant(db, workspaceId, (query) => selectAccount(query, workspaceId));
    if (!account) throw new AppError('not_found');
    return account;
  };
  const account = await read();
  if (!account.is_due) return account;
  await callTenant(db, workspaceId, (query) => callCatchUp(query, workspaceId));
  return read();
}
