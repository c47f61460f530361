import type pg from 'pg';
import { BackupError } from './archive-format.ts';

/** A table as the backup sees it. `name` is quoted and carries its schema; generated columns are left out. */
export type Table = { name: string; columns: string[]; forced: boolean; triggers: string[] };

type TableRow = Table & { parents: string[] };

/**
 * The tables of the product, parents before children. Not among them: the record of migrations, which a migration writes, and the chore runner's
 * own tables, whose shape is its business. `triggers` are those a load must not fire: all but the checks of constraints.
 */
export async function readTables(client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<TableRow>(`
    select format('%I.%I', n.nspname, c.relname) as name, c.relforcerowsecurity as forced,
      (select array_agg(a.attname::text order by a.attnum) from pg_catalog.pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      coalesce((select array_agg(t.tgname::text order by t.tgname) from pg_catalog.pg_trigger t
        where t.tgrelid = c.oid and not t.tgisinternal and t.tgconstraint = 0), '{}') as triggers,
      coalesce((select array_agg(distinct format('%I.%I', pn.nspname, p.relname)) from pg_catalog.pg_constraint f
        join pg_catalog.pg_class p on p.oid = f.confrelid join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
        where f.conrelid = c.oid and f.contype = 'f' and p.oid <> c.oid), '{}') as parents
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'auth', 'meta') and c.relkind = 'r' and (n.nspname, c.relname) <> ('meta', 'migration')
    order by 1`);
  return parentsFirst(rows);
}

function parentsFirst(rows: TableRow[]): Table[] {
  const sorted: Table[] = [];
  const placed = new Set<string>();
  while (sorted.length < rows.length) {
    const free = rows.filter(({ name, parents }) => !placed.has(name) && parents.every((parent) => placed.has(parent)));
    // A ring of references would need deferrable constraints; whoever makes one learns of it here.
    if (free.length === 0) throw new BackupError('Tables refer to each other in a ring; no order can restore them.');
    for (const { name, columns, forced, triggers } of free) {
      placed.add(name);
      sorted.push({ name, columns, forced, triggers });
    }
  }
  return sorted;
}

/** Where the sequences of these schemas stand. They are not part of a snapshot: at worst a number is skipped, never used twice. */
export async function readSequences(client: pg.ClientBase): Promise<{ name: string; last: string; called: boolean }[]> {
  const { rows } = await client.query<{ name: string }>(`
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'auth', 'meta') and c.relkind = 'S' order by 1`);
  const sequences = [];
  for (const { name } of rows) {
    const at = await client.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${name}`,
    );
    sequences.push(...at.rows.map((row) => ({ name, ...row })));
  }
  return sequences;
}

/** The column list of a COPY. */
export const columnList = (columns: readonly string[]): string =>
  columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(', ');
