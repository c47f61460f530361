import { z } from 'zod';
import { DayHead } from './day.ts';
import { canonicalJson } from './hashes.ts';
import { ExportedEntry } from './record.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/);

/** What the signature of an export covers beside the entries, which it covers through `hash`. */
export const ExportHead = z.strictObject({
  exported_at: z.string(),
  entries: z.int().min(0).describe('How many entries the chain had.'),
  hash: Hash.nullable().describe('The hash of the last one; null when there was none.'),
  balance_milli: z.int(),
  erased: z.array(z.int()).describe('Entries (seq) whose reason was erased before this export.'),
  days: z
    .array(z.strictObject({ day: z.string(), seq: z.int(), salt: z.string() }))
    .describe('Where the chain stood at the end of a day, with the salt that finds it in the published list.'),
});
export type ExportHead = z.infer<typeof ExportHead>;

/** Who signed. `public_key` is base64 of the SPKI form; `key_id` begins its SHA-256. */
const ExportSignature = z.strictObject({
  algorithm: z.literal('Ed25519'),
  key_id: z.string(),
  public_key: Base64,
  value: Base64,
});

export const exportFormat = 'pingvas-ledger-export/1';

const envelope = {
  format: z.literal(exportFormat),
  workspace_id: z.string(),
  head: ExportHead,
  signature: ExportSignature,
};

/** The whole ledger of a workspace, as a file that can be checked without us. */
export const LedgerExport = z
  .strictObject({ ...envelope, entries: z.array(ExportedEntry) })
  .meta({ id: 'LedgerExport' });
export type LedgerExport = z.infer<typeof LedgerExport>;

/** The same with entries as they come: each is then checked by itself, so that a broken one can be named. */
export const LooseExport = z.strictObject({ ...envelope, entries: z.array(z.unknown()) });

/** The text whose signature makes an export binding. */
export const exportStatement = (workspaceId: string, head: ExportHead, keyId: string): string =>
  canonicalJson({ format: exportFormat, workspace_id: workspaceId, head, key_id: keyId });

/** The published document: every key that ever signed, and the heads of days, newest first. Readers ignore fields they do not know. */
export const PublishedLedger = z
  .object({
    format: z.literal('pingvas-ledger-keys/1'),
    keys: z.array(
      z.object({ key_id: z.string(), algorithm: z.literal('Ed25519'), public_key: Base64, first_used_at: z.string() }),
    ),
    days: z.array(
      z.object({
        ...DayHead.shape,
        key_id: z.string(),
        signature: Base64,
        list: z.array(Hash).optional().describe('The leaves, sorted; only of the day that was asked for.'),
      }),
    ),
  })
  .meta({ id: 'PublishedLedger' });
export type PublishedLedger = z.infer<typeof PublishedLedger>;
