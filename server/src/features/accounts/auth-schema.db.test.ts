import { getMigrations } from 'better-auth/db/migration';
import { expect } from 'vitest';
import { testAccounts } from '#test/accounts.ts';
import { test } from '#test/database.ts';

test('the schema is exactly what this version of Better Auth asks for', async ({ db }) => {
  const { deps } = await testAccounts(db);
  const plan = await getMigrations(deps.auth.options, { throwOnUnsafe: false });
  expect(plan.toBeCreated).toEqual([]);
  expect(plan.toBeAdded).toEqual([]);
  expect(plan.toBeAddedIndexes).toEqual([]);
  expect(await plan.compileMigrations()).toMatch(/^;?\s*$/);
});

test('the role of Better Auth has rights on nothing outside its schema', async ({ db }) => {
  const { rows } = await db.owner.pool.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname not in ('pg_catalog', 'information_schema', 'auth') and c.relkind in ('r', 'v', 'm', 'p')
       and has_schema_privilege('pingvas_auth', n.oid, 'usage')
       and has_table_privilege('pingvas_auth', c.oid, 'select, insert, update, delete')
     union all
     select n.nspname || '.' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname not in ('pg_catalog', 'information_schema', 'auth')
       and has_schema_privilege('pingvas_auth', n.oid, 'usage') and has_function_privilege('pingvas_auth', p.oid, 'execute')`,
  );
  expect(rows).toEqual([]);
  await expect(db.auth.pool.query('select 1 from public.workspace')).rejects.toThrow(/permission denied/);
});

test('no other login reads the tables of accounts', async ({ db }) => {
  for (const role of [db.app, db.worker, db.admin]) {
    await expect(role.pool.query('select 1 from auth.session')).rejects.toThrow(/permission denied/);
  }
});
