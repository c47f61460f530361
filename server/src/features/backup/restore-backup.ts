import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { contentTypeOf, type Storage } from '#adapters/storage/index.ts';
import { migrate, migrationFiles } from '#platform/db/migrate.ts';
import {
  type ArchiveHeader,
  BackupError,
  keptAside,
  objectPrefix,
  secretPrefix,
  tablePrefix,
} from './archive-format.ts';
import { loadTables, type TableLoader } from './load-tables.ts';
import { readArchive } from './read-archive.ts';

export type RestoreBackupDeps = { ownerUrl: string; storage: Storage };

/** `secretsDir`: where the archive's secrets go, if it has any; null = they stay in the archive. */
export type RestoreBackup = { file: string; secretsDir: string | null };

export type RestoreReport = {
  created_at: string;
  version: string;
  rows: number;
  chores: number;
  objects: number;
  missing: string[];
  damaged: string[];
  secrets: number;
  migrations: string[];
};

/**
 * Puts an archive into an empty database and the storage. The whole archive is verified before anything changes; the rows of all tables are one
 * transaction that commits after the last object is stored, so a failure leaves the database empty and can be repeated. An archive of an earlier
 * version is loaded as it was and then migrated. Throws `BackupError` for a damaged or newer archive and for a database in use.
 */
export async function restoreBackup(
  { ownerUrl, storage }: RestoreBackupDeps,
  { file, secretsDir }: RestoreBackup,
): Promise<RestoreReport> {
  const { header, manifest } = await readArchive(file);
  await refuseOtherVersion(file, header);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'pingvas restore' });
  client.on('error', () => undefined); // Reported by the statement that is running.
  await client.connect();
  try {
    await prepareSchema(client, ownerUrl, header);
    const objects = createObjectWriter(storage);
    const secrets = new Map<string, Buffer>();
    await loadTables(client, header, manifest.rows, async (loader: TableLoader) => {
      const again = await readArchive(file, async (entry, bytes) => {
        if (entry.startsWith(tablePrefix))
          return loader.add(path.posix.dirname(entry.slice(tablePrefix.length)), bytes);
        await loader.finish();
        if (entry.startsWith(objectPrefix)) {
          await objects.add(entry.slice(objectPrefix.length), bytes);
        } else if (entry.startsWith(secretPrefix)) secrets.set(entry.slice(secretPrefix.length), bytes);
      });
      if (JSON.stringify(again.manifest) !== JSON.stringify(manifest))
        throw new BackupError(`${file} changed while it was being restored.`);
      await loader.finish();
      await objects.flush();
    });
    if (secretsDir !== null) await restoreSecrets(secretsDir, secrets);
    const report = await migrate(client, ownerUrl);
    const { chores = 0, ...tables } = manifest.rows;
    return {
      created_at: header.created_at,
      version: header.version,
      rows: Object.values(tables).reduce((all, count) => all + count, 0),
      chores,
      objects: objects.count(),
      missing: manifest.missing,
      damaged: manifest.damaged,
      secrets: secretsDir === null ? 0 : secrets.size,
      migrations: report.migrations,
    };
  } finally {
    // Also ends a copy that is under way; what was not committed is gone with the connection.
    await client.end();
  }
}

/** Objects stored at a time: each waits for its own flush to disk or its own answer from afar. */
const storedAtOnce = 8;

function createObjectWriter(storage: Storage): {
  add: (key: string, bytes: Buffer) => Promise<void>;
  flush: () => Promise<void>;
  count: () => number;
} {
  let waiting: [string, Buffer][] = [];
  let count = 0;
  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    await Promise.all(batch.map(([key, bytes]) => storage.put(key, bytes, { contentType: contentTypeOf(key) })));
    count += batch.length;
  };
  return {
    flush,
    count: () => count,
    add: async (key, bytes) => {
      waiting.push([key, bytes]);
      if (waiting.length === storedAtOnce) await flush();
    },
  };
}

async function refuseOtherVersion(file: string, { version, migrations }: ArchiveHeader): Promise<void> {
  const ours = new Map((await migrationFiles()).map(({ name, sha256 }) => [name, sha256]));
  const unknown = migrations.find(({ name, sha256 }) => ours.get(name) !== sha256);
  if (unknown)
    throw new BackupError(
      `${file} was made by version ${version}, which has migrations that this one does not know (${unknown.name}). Restore it with that version or a later one.`,
    );
}

/** Brings a new database to the archive's version. One that has another version already is not made for this archive. */
async function prepareSchema(client: pg.Client, ownerUrl: string, { migrations }: ArchiveHeader): Promise<void> {
  const wanted = migrations.map(({ name }) => name).sort();
  const { rows: known } = await client.query<{ there: boolean }>(
    "select to_regclass('meta.migration') is not null as there",
  );
  if (known[0]?.there) {
    const { rows } = await client.query<{ name: string }>(
      "select name from meta.migration where name like 'migrations/%' order by name",
    );
    const applied = rows.map(({ name }) => name).sort();
    if (applied.join() !== wanted.join())
      throw new BackupError('The database has the tables of another version. Restore into a new, empty database.');
    return;
  }
  await migrate(client, ownerUrl, { only: new Set(wanted) });
}

/** The database was empty, so nothing depended on the secrets that are there; they are kept aside all the same. */
async function restoreSecrets(folder: string, secrets: Map<string, Buffer>): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [name, bytes] of secrets) {
    if (!/^[\w.-]+$/.test(name) || name.startsWith('.')) throw new BackupError('A secret has a name that is not ours.');
    const file = path.join(folder, name);
    const before = await readFile(file).catch(() => undefined);
    if (before?.equals(bytes)) continue;
    if (before) await rename(file, `${file}${keptAside}`);
    await writeFile(file, bytes, { mode: 0o600 });
  }
}
