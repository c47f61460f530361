import type pg from 'pg';
import { type ArchiveHeader, BackupError, choresTable } from './archive-format.ts';
import { columnList, readTables, type Table } from './catalogue.ts';
import { copyIn, type CopyIn, copySettings } from './copy-rows.ts';

/** Takes the pieces of tables in the archive's order; `finish` after the last piece. */
export type TableLoader = {
  add: (table: string, piece: Buffer) => Promise<void>;
  finish: () => Promise<void>;
};

/**
 * Loads an archive's rows in one transaction that commits when `feed` returns. Works for a superuser and for an owner that is none: for the time of
 * the load the owner may write past row-level security, and triggers that act on new rows are off. Constraints stay on, and every transaction of
 * the ledger must sum to zero before the commit. Throws `BackupError` when a table is not empty or rows are missing.
 */
export async function loadTables(
  client: pg.ClientBase,
  header: ArchiveHeader,
  expected: Record<string, number>,
  feed: (loader: TableLoader) => Promise<void>,
): Promise<void> {
  const tables = await matchTables(client, header);
  await refuseUsed(client, tables);
  await client.query('begin');
  await client.query(copySettings);
  await client.query("set local lock_timeout = '5s'");
  for (const { name, forced } of tables)
    if (forced) await client.query(`alter table ${name} no force row level security`);
  await switchTriggers(client, tables, 'disable');
  // Again, now that nobody can hide rows or add some.
  await refuseUsed(client, tables);
  if (tables.some(({ name }) => name === filledByMigrations)) await client.query(`delete from ${filledByMigrations}`);
  await client.query(choresRoom);
  const counts = await feedTables(client, header, feed);
  for (const [name, count] of Object.entries(expected))
    if ((counts.get(name) ?? 0) !== count) throw new BackupError(`Rows of ${name} are missing in the archive.`);
  await client.query(addChores);
  for (const { name, last, called } of header.sequences)
    await client.query('select pg_catalog.setval($1::regclass, $2::bigint, $3)', [name, last, called]);
  // The deferred checks run here: a table with checks to come cannot be altered.
  await client.query('set constraints all immediate');
  await switchTriggers(client, tables, 'enable');
  for (const { name, forced } of tables) if (forced) await client.query(`alter table ${name} force row level security`);
  await client.query('commit');
  await client.query('analyze');
}

async function matchTables(client: pg.ClientBase, header: ArchiveHeader): Promise<Table[]> {
  const ours = new Map((await readTables(client)).map((table) => [table.name, table]));
  return header.tables.map(({ name, columns }) => {
    const table = ours.get(name);
    if (!table || columns.some((column) => !table.columns.includes(column)))
      throw new BackupError(`The archive has a table that its migrations do not make (${name}).`);
    return table;
  });
}

/** Migrations fill it: an empty database has its rows, and the archive's take their place. */
const filledByMigrations = 'public.model';

async function refuseUsed(client: pg.ClientBase, tables: Table[]): Promise<void> {
  for (const { name } of tables) {
    if (name === filledByMigrations) continue;
    const { rowCount } = await client.query(`select from ${name} limit 1`);
    if (rowCount !== 0)
      throw new BackupError(`The database is in use (${name} has rows). Restore into a new, empty database.`);
  }
}

async function switchTriggers(client: pg.ClientBase, tables: Table[], to: 'disable' | 'enable'): Promise<void> {
  for (const { name, triggers } of tables)
    for (const trigger of triggers) await client.query(`alter table ${name} ${to} trigger ${columnList([trigger])}`);
}

async function feedTables(
  client: pg.ClientBase,
  header: ArchiveHeader,
  feed: (loader: TableLoader) => Promise<void>,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  let open: { name: string; copy: CopyIn } | undefined;
  const finish = async (): Promise<void> => {
    if (open) counts.set(open.name, await open.copy.end());
    open = undefined;
  };
  await feed({
    finish,
    add: async (name, piece) => {
      if (open?.name !== name) {
        await finish();
        open = { name, copy: copyIn(client, `copy ${targetOf(name, header)} from stdin`) };
      }
      await open.copy.write(piece);
    },
  });
  return counts;
}

function targetOf(name: string, { tables }: ArchiveHeader): string {
  if (name === choresTable) return choresTarget;
  const table = tables.find((known) => known.name === name);
  if (!table) throw new BackupError(`The archive has rows of a table it does not describe (${name}).`);
  return `${table.name} (${columnList(table.columns)})`;
}

const choresRoom = `create temporary table restored_chore (position bigint generated always as identity, identifier text, payload json,
  queue_name text, run_at timestamptz, max_attempts int, key text, priority int, flags text[]) on commit drop`;

const addChores = `select graphile_worker.add_job(identifier, payload, queue_name, run_at, max_attempts, key, priority, nullif(flags, '{}'))
  from (select * from pg_temp.restored_chore order by position) c`;

const choresTarget =
  'pg_temp.restored_chore (identifier, payload, queue_name, run_at, max_attempts, key, priority, flags)';
