import { z } from 'zod';
import { canonicalJson, sha256 } from './hashes.ts';

const Id = z.string().min(1).max(100);
const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Milli = z.int();
const Instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

/** What the chain vouches for, of one entry of a workspace. Amounts in milli-credits (+ in, − out), times in UTC with microseconds. */
export const LedgerRecord = z.strictObject({
  version: z.literal(1),
  workspace_id: Id,
  seq: z.int().min(1),
  previous_hash: Hash.nullable().describe('The hash of the entry before; null for the first.'),
  entry_id: Id,
  transaction_id: Id,
  kind: z.enum(['grant', 'capture', 'expiry', 'refund', 'adjustment']),
  amount_milli: Milli,
  balance_after_milli: Milli,
  reference: z.string(),
  job_id: Id.nullable(),
  order_id: z.string().nullable(),
  hold_id: Id.nullable(),
  created_at: Instant,
  postings: z
    .array(z.strictObject({ entry_id: Id, account: z.string(), amount_milli: Milli }))
    .describe('Both sides of the transaction; they sum to zero.'),
  issued: z
    .strictObject({
      grant_id: Id,
      kind: z.enum(['plan', 'promotional', 'purchase', 'contract']),
      granted_milli: Milli,
      effective_at: Instant,
      expires_at: Instant.nullable(),
    })
    .nullable()
    .describe('The grant that this entry issued.'),
  consumed: z
    .array(z.strictObject({ grant_id: Id, amount_milli: Milli }))
    .describe('Which grants paid; negative: what went back to them.'),
  reason_sha256: Hash.nullable().describe('SHA-256 of salt and reason; null when there was none.'),
});
export type LedgerRecord = z.infer<typeof LedgerRecord>;

/** An entry as it is exported: the record, its hash, and the words that the record knows only by their hash (null when they were erased). */
export const ExportedEntry = LedgerRecord.extend({
  hash: Hash,
  reason: z.string().nullable(),
  reason_salt: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
}).meta({ id: 'LedgerExportEntry' });
export type ExportedEntry = z.infer<typeof ExportedEntry>;

/** The hash of a record: SHA-256 of its canonical JSON (RFC 8785), hex. */
export const hashRecord = (record: LedgerRecord): string => sha256(canonicalJson(record));

/** The hash of the words of an entry. The salt always has 64 characters, so salt and text cannot be taken for one another. */
export const hashReason = (salt: string, reason: string): string => sha256(salt + reason);
