import { toCredits } from '@pingvas/domain';
import type { TenantQuery } from '#platform/db/tenant.ts';
import { selectGenerationEntries, selectPayers } from './credits.queries.ts';
import type { EntryView, PaidFrom } from './credits.schemas.ts';
import { entryView } from './entry-view.ts';

/**
 * Who paid for a generation, for its receipt: the grants with what each gave (net of refunds), and the entries of the ledger. Both are empty when
 * nothing was charged. `tx` must be inside the workspace (`withTenant`).
 */
export async function paidFrom(
  tx: TenantQuery,
  workspaceId: string,
  generationId: string,
): Promise<{ paid_from: PaidFrom[]; entries: EntryView[] }> {
  const payers = await selectPayers(tx, workspaceId, generationId).execute();
  const entries = await selectGenerationEntries(tx, workspaceId, generationId).execute();
  return {
    paid_from: payers.map((row) => ({
      grant_id: row.grant_id,
      kind: row.kind as PaidFrom['kind'],
      credits: toCredits(row.amount),
    })),
    entries: entries.map(entryView),
  };
}
