import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';

/** The archive cannot be made or used; the message says why and what to do. The database was left as it was. */
export class BackupError extends Error {}

/** Grows when an older program could no longer read the archive. */
export const archiveFormat = 1;

const sqlFile = z.object({ name: z.string(), sha256: z.string() });

/** First entry of an archive: what is needed to make room for the rest. `columns` are in the order of the copied rows. */
export const headerSchema = z.object({
  format: z.number().int(),
  version: z.string(),
  created_at: z.string(),
  migrations: z.array(sqlFile),
  functions: z.array(sqlFile),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  sequences: z.array(z.object({ name: z.string(), last: z.string(), called: z.boolean() })),
});
export type ArchiveHeader = z.output<typeof headerSchema>;

const part = z.object({ entries: z.number().int(), bytes: z.number().int(), sha256: z.string() });

/** Last entry: without it the archive is not complete. `missing` and `damaged` list keys of originals whose object was gone or unlike its row. */
export const manifestSchema = z.object({
  parts: z.record(z.string(), part),
  rows: z.record(z.string(), z.number().int()),
  missing: z.array(z.string()),
  damaged: z.array(z.string()),
});
export type ArchiveManifest = z.output<typeof manifestSchema>;
export type ArchiveParts = ArchiveManifest['parts'];

export const headerName = 'header.json';
export const manifestName = 'manifest.json';
/** Name of the pseudo table of waiting chores. */
export const choresTable = 'chores';
export const tablePrefix = 'tables/';
export const objectPrefix = 'objects/';
export const secretPrefix = 'secrets/';
/** Ending of a secret that a restore has put aside; no archive carries it on. */
export const keptAside = '.before-restore';

/** The part an entry belongs to: one per table, one for all objects. */
function partOf(entry: string): string {
  const [folder = '', name = ''] = entry.split('/');
  return folder === 'tables' ? `${folder}/${name}` : folder;
}

/** Sums up entries as they pass: a part's hash covers name, length and bytes of its entries in order, so that none can be moved, cut or left out. */
export function createDigests(): { add: (entry: string, bytes: Uint8Array) => void; parts: () => ArchiveParts } {
  const seen = new Map<string, { entries: number; bytes: number; hash: Hash }>();
  return {
    add: (entry, bytes) => {
      const name = partOf(entry);
      const sum = seen.get(name) ?? { entries: 0, bytes: 0, hash: createHash('sha256') };
      seen.set(name, sum);
      sum.entries += 1;
      sum.bytes += bytes.byteLength;
      sum.hash.update(`${entry}\0${bytes.byteLength}\0`).update(bytes);
    },
    parts: () =>
      Object.fromEntries(
        [...seen].map(([name, { entries, bytes, hash }]) => [
          name,
          { entries, bytes, sha256: hash.copy().digest('hex') },
        ]),
      ),
  };
}
