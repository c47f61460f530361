import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { type Storage, thumbnailKey, thumbnailSizes } from '#adapters/storage/index.ts';
import { migrationLock } from '#platform/db/migrate.ts';
import {
  archiveFormat,
  type ArchiveHeader,
  BackupError,
  choresTable,
  headerName,
  keptAside,
  objectPrefix,
  secretPrefix,
  tablePrefix,
} from './archive-format.ts';
import { columnList, readSequences, readTables } from './catalogue.ts';
import { copyOut, copySettings } from './copy-rows.ts';
import { type ArchiveWriter, writeArchive } from './write-archive.ts';

export type CreateBackupDeps = { ownerUrl: string; storage: Storage; version: string };

/** `secretsDir`: the folder whose files go into the archive too; null = none. */
export type CreateBackup = { file: string; secretsDir: string | null };

export type BackupReport = {
  file: string;
  size_bytes: number;
  rows: number;
  chores: number;
  objects: number;
  /** Keys of originals that were gone when it was their turn, and of those whose bytes are not the ones their row names. */
  missing: string[];
  damaged: string[];
  secrets: number;
};

/** Objects fetched at a time: hides the latency of a remote store, and is a few dozen megabytes at most. */
const fetchedAtOnce = 8;

/**
 * Archives the database as of one instant and every object a row of that instant names, while the product runs. The database is held in its
 * snapshot only while the tables are copied; objects follow, because none that a row names is removed within 30 days.
 * Throws `BackupError` when the archive cannot be made; then no file is left.
 */
export async function createBackup(deps: CreateBackupDeps, { file, secretsDir }: CreateBackup): Promise<BackupReport> {
  const archive = await writeArchive(file);
  try {
    const { rows, images } = await copyDatabase(deps, archive);
    const objects = await copyObjects(deps.storage, archive, images);
    const secrets = secretsDir === null ? 0 : await copySecrets(archive, secretsDir);
    const { missing, damaged } = objects;
    const sizeBytes = await archive.finish({ rows, missing, damaged });
    const { [choresTable]: chores = 0, ...tables } = rows;
    const sum = Object.values(tables).reduce((all, count) => all + count, 0);
    return { file, size_bytes: sizeBytes, rows: sum, chores, objects: objects.count, missing, damaged, secrets };
  } catch (error) {
    await archive.abandon();
    throw error;
  }
}

type Picture = { storage_key: string; sha256: string };

async function copyDatabase(
  { ownerUrl, version }: CreateBackupDeps,
  archive: ArchiveWriter,
): Promise<{ rows: Record<string, number>; images: Picture[] }> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'pingvas backup' });
  await client.connect();
  try {
    // A migration in the middle would give later tables another shape than the snapshot's rows have.
    await client.query('select pg_advisory_lock_shared($1)', [migrationLock]);
    await client.query('begin isolation level repeatable read read only');
    await client.query(copySettings);
    // Half a backup that looks whole is the worst outcome: a login that row-level security would filter gets an error instead.
    await client.query('set local row_security = off');
    const header = await describe(client, version);
    await archive.add(headerName, Buffer.from(JSON.stringify(header)));
    const rows: Record<string, number> = {};
    const copy = async (name: string, query: string): Promise<void> => {
      let piece = 0;
      rows[name] = await copyOut(client, `copy ${query} to stdout`, (bytes) =>
        archive.add(`${tablePrefix}${name}/${String(++piece).padStart(6, '0')}`, bytes),
      );
    };
    for (const { name, columns } of header.tables) await copy(name, `${name} (${columnList(columns)})`);
    await copy(choresTable, waitingChores);
    const { rows: images } = await client.query<Picture>(
      'select storage_key, sha256 from public.image order by storage_key',
    );
    return { rows, images };
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error;
    throw new BackupError(
      'The login of DATABASE_OWNER_URL may not read past row-level security: use a superuser, or give it BYPASSRLS. A managed database makes snapshots of its own.',
      { cause: error },
    );
  } finally {
    await client.end();
  }
}

/** What still has to run, as calls that can be made again. The runner's locks and its clock's memory stay behind. */
const waitingChores = `(select t.identifier, j.payload, q.queue_name, j.run_at, j.max_attempts, j.key, j.priority,
  array(select jsonb_object_keys(j.flags)) from graphile_worker._private_jobs j
  join graphile_worker._private_tasks t on t.id = j.task_id
  left join graphile_worker._private_job_queues q on q.id = j.job_queue_id
  where j.attempts < j.max_attempts or j.locked_at is not null order by j.id)`;

async function describe(client: pg.ClientBase, version: string): Promise<ArchiveHeader> {
  const { rows: applied } = await client.query<{ name: string; sha256: string }>(
    'select name, sha256 from meta.migration order by name',
  );
  const tables = await readTables(client);
  return {
    format: archiveFormat,
    version,
    created_at: new Date().toISOString(),
    migrations: applied.filter(({ name }) => name.startsWith('migrations/')),
    functions: applied.filter(({ name }) => name.startsWith('functions/')),
    tables: tables.map(({ name, columns }) => ({ name, columns })),
    sequences: await readSequences(client),
  };
}

async function copyObjects(
  storage: Storage,
  archive: ArchiveWriter,
  images: Picture[],
): Promise<{ count: number; missing: string[]; damaged: string[] }> {
  const missing: string[] = [];
  const damaged: string[] = [];
  let count = 0;
  for (let at = 0; at < images.length; at += fetchedAtOnce) {
    const fetched = await Promise.all(
      images.slice(at, at + fetchedAtOnce).map(async ({ storage_key, sha256 }) => {
        const keys = [...thumbnailSizes.map((size) => thumbnailKey(storage_key, size)), storage_key];
        const bytes = await Promise.all(keys.map((key) => storage.get(key)));
        const original = bytes.at(-1);
        if (original === undefined) missing.push(storage_key);
        else if (createHash('sha256').update(original).digest('hex') !== sha256) damaged.push(storage_key);
        return keys.map((key, index) => ({ key, bytes: bytes[index] }));
      }),
    );
    for (const { key, bytes } of fetched.flat()) {
      if (bytes === undefined) continue;
      await archive.add(`${objectPrefix}${key}`, bytes);
      count += 1;
    }
  }
  return { count, missing, damaged };
}

async function copySecrets(archive: ArchiveWriter, folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(keptAside)).map(({ name }) => name);
  for (const name of names.sort()) await archive.add(`${secretPrefix}${name}`, await readFile(path.join(folder, name)));
  return names.length;
}
