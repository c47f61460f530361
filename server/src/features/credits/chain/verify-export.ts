import { dayStatement, leafOf, rootOf } from './day.ts';
import { exportStatement, type LedgerExport, LooseExport, PublishedLedger } from './export-format.ts';
import { isSignedBy, keyIdOf } from './signatures.ts';
import { type Finding, verifyEntries } from './verify-entries.ts';

/** What a check found. `key_published` is null when no published keys were given; `days_confirmed` counts days whose published list has the chain. */
export type Verdict =
  | {
      ok: true;
      workspace_id: string;
      entries: number;
      balance_milli: number;
      hash: string | null;
      key_id: string;
      key_published: true | null;
      days_confirmed: number;
    }
  | ({ ok: false } & Finding);

const refuse = (code: string, detail: string): Finding => ({ code, detail, seq: null, entry_id: null });

/**
 * Checks an export: every entry, the chain, the signature and, when the document of `/.well-known/pingvas-ledger.json` is given, that the key is
 * published and that the heads of days agree. Without it the signature proves only that the file is whole, not who made it.
 * Takes parsed JSON and does no I/O, so that anybody may run it anywhere.
 */
export function verifyExport(file: unknown, published?: unknown): Verdict {
  const parsed = LooseExport.safeParse(file);
  if (!parsed.success) return { ok: false, ...refuse('not_an_export', describe(parsed.error.issues[0])) };
  const { workspace_id, entries, head, signature } = parsed.data;

  const finding =
    verifyEntries(workspace_id, entries, head) ??
    checkSignature(parsed.data) ??
    (published === undefined ? null : checkPublished(parsed.data as LedgerExport, published));
  if (finding !== null && 'code' in finding) return { ok: false, ...finding };
  return {
    ok: true,
    workspace_id,
    entries: entries.length,
    balance_milli: head.balance_milli,
    hash: head.hash,
    key_id: signature.key_id,
    key_published: published === undefined ? null : true,
    days_confirmed: finding?.daysConfirmed ?? 0,
  };
}

function checkSignature({ workspace_id, head, signature }: Pick<LedgerExport, 'workspace_id' | 'head' | 'signature'>) {
  const { key_id, public_key, value } = signature;
  if (keyIdOf(public_key) !== key_id) return refuse('key_altered', 'the key does not have its name');
  if (!isSignedBy(public_key, exportStatement(workspace_id, head, key_id), value))
    return refuse('signature_invalid', 'the head of the file was not signed with its key');
  return null;
}

function checkPublished(file: LedgerExport, published: unknown): Finding | { daysConfirmed: number } {
  const parsed = PublishedLedger.safeParse(published);
  if (!parsed.success) return refuse('not_published_keys', describe(parsed.error.issues[0]));
  const { keys, days } = parsed.data;
  const keyOf = (id: string): string | undefined =>
    keys.find(({ key_id, public_key }) => key_id === id && keyIdOf(public_key) === id)?.public_key;
  if (keyOf(file.signature.key_id) !== file.signature.public_key)
    return refuse('key_unknown', `the key ${file.signature.key_id} is not among the published ones`);

  let daysConfirmed = 0;
  for (const [at, day] of days.entries()) {
    const key = keyOf(day.key_id);
    if (key === undefined || !isSignedBy(key, dayStatement(day), day.signature))
      return refuse('day_altered', `the published head of ${day.day} was not signed with a published key`);
    const older = days[at + 1];
    if (older && (older.root !== day.previous_root || older.day >= day.day))
      return refuse('day_altered', `the published head of ${day.day} does not follow the one of ${older.day}`);
    if (day.list === undefined) continue;
    if (day.list.length !== day.leaves || rootOf(day.list) !== day.root)
      return refuse('day_altered', `the published list of ${day.day} does not have its root`);
    const place = file.head.days.find((own) => own.day === day.day);
    if (!place) continue;
    const entry = file.entries[place.seq - 1];
    if (!entry || !day.list.includes(leafOf({ ...entry, salt: place.salt })))
      return {
        code: 'day_disagrees',
        detail: `the list published for ${day.day} knows another chain`,
        seq: place.seq,
        entry_id: entry?.entry_id ?? null,
      };
    daysConfirmed += 1;
  }
  return { daysConfirmed };
}

const describe = (issue: { path: PropertyKey[]; message: string } | undefined): string =>
  `${issue?.path.join('.') || 'file'}: ${issue?.message ?? 'is not what was expected'}`;
