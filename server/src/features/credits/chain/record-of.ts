import type { LedgerRecord } from './record.ts';

/** An entry as it lies in the tables; amounts in milli-credits. */
export type EntryFacts = {
  entry_id: string;
  transaction_id: string;
  kind: string;
  amount: number;
  balance_after: number | null;
  reference: string;
  generation_id: string | null;
  order_id: string | null;
  hold_id: string | null;
  created_at: string;
  postings: LedgerRecord['postings'];
  consumed: LedgerRecord['consumed'];
  issued: (Omit<NonNullable<LedgerRecord['issued']>, 'kind'> & { kind: string }) | null;
};

/** The record of an entry at its place in the chain. */
export const recordOf = (
  facts: EntryFacts,
  place: { workspaceId: string; seq: number; previousHash: string | null; reasonSha256: string | null },
): LedgerRecord => ({
  version: 1,
  workspace_id: place.workspaceId,
  seq: place.seq,
  previous_hash: place.previousHash,
  entry_id: facts.entry_id,
  transaction_id: facts.transaction_id,
  kind: facts.kind as LedgerRecord['kind'],
  amount_milli: facts.amount,
  balance_after_milli: facts.balance_after ?? 0,
  reference: facts.reference,
  job_id: facts.generation_id,
  order_id: facts.order_id,
  hold_id: facts.hold_id,
  created_at: facts.created_at,
  postings: facts.postings,
  issued: facts.issued as LedgerRecord['issued'],
  consumed: facts.consumed,
  reason_sha256: place.reasonSha256,
});
