import type { ExportHead } from './export-format.ts';
import { ExportedEntry, hashReason, hashRecord } from './record.ts';

/** Why a file is not the ledger it says it is. `seq` and `entry_id` name the first entry that is wrong, null when it is not an entry. */
export type Finding = { code: string; detail: string; seq: number | null; entry_id: string | null };

/**
 * Walks the chain from the first entry to the signed head. Returns the first finding, or null when every entry is the one that was sealed.
 * Pure: no clock, file or network.
 */
export function verifyEntries(workspaceId: string, entries: readonly unknown[], head: ExportHead): Finding | null {
  const erased = new Set(head.erased);
  let before: ExportedEntry | undefined;
  for (const [at, raw] of entries.entries()) {
    const seq = at + 1;
    const parsed = ExportedEntry.safeParse(raw);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return find('entry_malformed', seq, idOf(raw), `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
    }
    const entry = parsed.data;
    const { hash, reason, reason_salt, ...record } = entry;
    const name = (code: string, detail: string): Finding => find(code, seq, entry.entry_id, detail);
    if (entry.seq !== seq)
      return name('entry_out_of_order', `entry ${seq} is expected here, entry ${entry.seq} was found`);
    if (entry.workspace_id !== workspaceId) return name('entry_foreign', 'it belongs to another workspace');
    if (hashRecord(record) !== hash) return name('entry_altered', 'its content does not have its hash');
    if (entry.previous_hash !== (before?.hash ?? null)) {
      // Both hashes fit their own entries, so one was altered and hashed anew. The one that what follows is built on is the true one.
      const isConfirmed = hash === (at + 1 < entries.length ? linkOf(entries[at + 1]) : head.hash);
      if (!before || !isConfirmed) return name('entry_altered', 'it is not built on the entry before it');
      return find('entry_altered', before.seq, before.entry_id, 'it is not the entry that the next one is built on');
    }
    const words = checkWords(entry, reason, reason_salt, erased.has(seq));
    if (words) return name('entry_reason_altered', words);
    const sums = checkSums(entry, before?.balance_after_milli ?? 0);
    if (sums) return name('entry_sums_wrong', sums);
    before = entry;
  }
  if (entries.length < head.entries)
    return find('entry_missing', entries.length + 1, null, `the chain had ${head.entries} entries when it was signed`);
  if (entries.length > head.entries)
    return find('entry_unsigned', head.entries + 1, idOf(entries[head.entries]), 'it was not there when it was signed');
  if ((before?.hash ?? null) !== head.hash)
    return find('entry_altered', entries.length, before?.entry_id ?? null, 'it is not the entry that was signed');
  if ((before?.balance_after_milli ?? 0) !== head.balance_milli)
    return { code: 'head_altered', detail: 'the balance is not that of the last entry', seq: null, entry_id: null };
  return null;
}

function checkWords(
  entry: ExportedEntry,
  reason: string | null,
  salt: string | null,
  isErased: boolean,
): string | null {
  if (entry.reason_sha256 === null)
    return reason === null && salt === null && !isErased ? null : 'it has a reason that was not sealed';
  if (isErased) return reason === null && salt === null ? null : 'its reason is said to be erased';
  if (reason === null || salt === null) return 'its reason is missing and was not erased';
  return hashReason(salt, reason) === entry.reason_sha256 ? null : 'its reason does not have its hash';
}

/** What the ledger promises of each transaction: both sides are equal, the balance follows, and those who paid paid all of it. */
function checkSums(entry: ExportedEntry, balanceBefore: number): string | null {
  const sum = (amounts: readonly { amount_milli: number }[]): number =>
    amounts.reduce((total, { amount_milli }) => total + amount_milli, 0);
  const own = entry.postings.filter(({ account }) => account === 'workspace');
  if (own.length !== 1 || own[0]?.entry_id !== entry.entry_id || own[0].amount_milli !== entry.amount_milli)
    return 'its transaction does not have this amount on the side of the workspace';
  if (sum(entry.postings) !== 0) return 'its transaction does not sum to zero';
  if (entry.balance_after_milli !== balanceBefore + entry.amount_milli)
    return 'its balance does not follow from the one before';
  if (entry.issued ? entry.issued.granted_milli !== entry.amount_milli : sum(entry.consumed) !== -entry.amount_milli)
    return 'its amount is not that of its grants';
  return null;
}

const find = (code: string, seq: number, entryId: string | null, detail: string): Finding => ({
  code,
  detail,
  seq,
  entry_id: entryId,
});

function fieldOf(raw: unknown, name: string): string | null {
  const value = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : null;
}
const idOf = (raw: unknown): string | null => fieldOf(raw, 'entry_id');
const linkOf = (raw: unknown): string | null => fieldOf(raw, 'previous_hash');
