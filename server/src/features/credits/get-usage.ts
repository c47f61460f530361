import type { Database } from '#platform/db/database.ts';
import { getAccount } from './get-account.ts';

/** What a workspace used in its present month (milli-credits, calls), and the bytes it stores. */
export type Usage = { usedMilli: number; apiCalls: number; storageBytes: number; period: { start: Date; end: Date } };

/** Usage of the present month; `limits` to compare it with are `plans` of the domain. Throws `not_found`. */
export async function getUsage(deps: { db: Database }, workspaceId: string): Promise<Usage> {
  const account = await getAccount(deps, workspaceId);
  return {
    usedMilli: account.used_in_period,
    apiCalls: account.api_calls_in_period,
    storageBytes: account.storage_bytes,
    period: { start: account.period_start, end: account.period_end },
  };
}
