import { toCredits } from '@pingvas/domain';
import type { EntryView } from './credits.schemas.ts';

/** A row of the workspace's side of the ledger; amounts in milli-credits. */
export type EntryRow = {
  entry_id: string;
  kind: string;
  amount: number;
  balance_after: number | null;
  generation_id: string | null;
  order_id: string | null;
  /** Null when there was none, or when it was erased. */
  reason: string | null;
  created_at: Date;
  /** Null until the entry is sealed. */
  hash: string | null;
};

/** An entry as the API shows it. */
export const entryView = (row: EntryRow): EntryView => ({
  entry_id: row.entry_id,
  kind: row.kind as EntryView['kind'],
  credits: toCredits(row.amount),
  balance_after: toCredits(row.balance_after ?? 0),
  ...(row.generation_id === null ? {} : { job_id: row.generation_id }),
  ...(row.order_id === null ? {} : { order_id: row.order_id }),
  reason: row.reason ?? '',
  created_at: row.created_at.toISOString(),
  hash: row.hash,
});
