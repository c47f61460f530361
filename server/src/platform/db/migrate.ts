import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { runMigrations as migrateChores } from 'graphile-worker';
import type pg from 'pg';

const serverFolder = path.join(import.meta.dirname, '../../..');
/** Any number will do as long as nobody else on this database uses it: two processes that start together migrate one after the other. */
export const migrationLock = 7_305_118_402;

/** What a run changed: names of migrations and functions applied. */
export type MigrationReport = { migrations: string[]; functions: string[] };

/**
 * Brings the database to this version: migrations once each, in order; functions and grants again whenever their text changes.
 * One transaction; needs the owner's login. Throws `Error` with file and line of the statement that failed, or when a file that was applied has changed.
 * `only` (names such as `migrations/0001_roles.sql`) stops at an earlier version for a restore: just these migrations, and no functions, which may need later tables.
 */
export async function migrate(
  client: pg.ClientBase & { connectionString?: string },
  connectionString: string,
  { only }: { only?: ReadonlySet<string> } = {},
): Promise<MigrationReport> {
  const applied: MigrationReport = { migrations: [], functions: [] };
  await client.query('begin');
  try {
    await client.query("set local lock_timeout = '5s'");
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    await client.query('create schema if not exists meta');
    await client.query(
      'create table if not exists meta.migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())',
    );
    const { rows } = await client.query<{ name: string; sha256: string }>('select name, sha256 from meta.migration');
    const known = new Map(rows.map((row) => [row.name, row.sha256]));
    for (const file of await migrationFiles()) {
      if (only && !only.has(file.name)) continue;
      const before = known.get(file.name);
      if (before === file.sha256) continue;
      if (before)
        throw new Error(`${file.name} was applied with another text. Migrations are never edited: write a new one.`);
      await applyFile(client, file);
      applied.migrations.push(file.name);
    }
    for (const file of only ? [] : await sqlFiles('functions')) {
      if (known.get(file.name) === file.sha256) continue;
      await applyFile(client, file);
      applied.functions.push(file.name);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
  await migrateChores({ connectionString });
  await grantChores(client);
  return applied;
}

type SqlFile = { name: string; path: string; text: string; sha256: string };

/** The migrations of this version, in order. */
export const migrationFiles = (): Promise<SqlFile[]> => sqlFiles('migrations');

async function sqlFiles(folder: string): Promise<SqlFile[]> {
  const names = (await readdir(path.join(serverFolder, folder))).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const filePath = path.join(serverFolder, folder, name);
      const text = await readFile(filePath, 'utf8');
      return {
        name: `${folder}/${name}`,
        path: filePath,
        text,
        sha256: createHash('sha256').update(text).digest('hex'),
      };
    }),
  );
}

async function applyFile(client: pg.ClientBase, file: SqlFile): Promise<void> {
  try {
    await client.query(file.text);
  } catch (error) {
    const { position, message } = error as { position?: string; message: string };
    const line = position ? file.text.slice(0, Number(position)).split('\n').length : 1;
    throw new Error(`${file.name}:${line}: ${message}`, { cause: error });
  }
  await client.query(
    'insert into meta.migration (name, sha256) values ($1, $2) on conflict (name) do update set sha256 = excluded.sha256, applied_at = now()',
    [file.name, file.sha256],
  );
}

/**
 * Chores are enqueued inside our own transactions, so the app's roles need the tables behind `add_job`; graphile-worker switches row-level
 * security on without a policy. Its later versions may add tables, hence the loop after each migration.
 */
async function grantChores(client: pg.ClientBase): Promise<void> {
  await client.query(`
    do $$
    declare t record;
    begin
      grant usage on schema graphile_worker to pingvas_app, pingvas_admin;
      grant execute on all functions in schema graphile_worker to pingvas_app, pingvas_admin;
      grant usage on all sequences in schema graphile_worker to pingvas_app, pingvas_admin;
      for t in select tablename from pg_catalog.pg_tables where schemaname = 'graphile_worker' loop
        execute format('grant select, insert, update, delete on graphile_worker.%I to pingvas_app, pingvas_admin', t.tablename);
        if not exists (select from pg_catalog.pg_policies where schemaname = 'graphile_worker' and tablename = t.tablename and policyname = 'chores') then
          execute format('create policy chores on graphile_worker.%I to pingvas_app, pingvas_admin using (true) with check (true)', t.tablename);
        end if;
      end loop;
    end $$`);
}
