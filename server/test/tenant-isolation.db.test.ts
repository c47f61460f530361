import { readFileSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { expect } from 'vitest';
import { newId } from '#platform/new-id.ts';
import { sealLedger } from '#features/credits/seal-ledger.ts';
import { test, type TestDatabase } from '#test/database.ts';
import { aClaim, aGeneration, aModel, anApiKey, aSucceededGeneration, aWorker, aWorkspace } from '#test/factories.ts';

/** Tables that belong to no workspace, each with the reason. Everything else carries `workspace_id` and stands behind the wall. */
const tablesOfNobody: Record<string, string> = {
  'public.model': 'the catalogue, the same for everybody',
  'public.payment_variant': 'which variant of a provider is which item of the catalogue',
  'public.billing_reconcile': 'how far a provider’s lists have been compared, by kind of object',
  'public.webhook_event':
    'deliveries of payment providers, nobody’s until they are read; only the functions reach them',
  'public.lora': 'part of the catalogue',
  'public.worker': 'our machines',
  'public.free_credit_claim': 'keyed hashes of addresses; only the queue’s functions read it',
  'public.outbox': 'chores on their way; ids only',
  'public.mail_message': 'the mailbox of development; empty in production',
  'public.audit_entry': 'what operators did; only the operator’s role reads it',
  'public.timing_quantile': 'how long images take, summed over all workspaces',
  'public.memory_lesson': 'how much memory sizes of a model need, learned from all workspaces',
  'public.ledger_day': 'signed heads over all chains, published; they tell nobody whose',
  'public.ledger_public_key': 'public keys, published',
  'meta.migration': 'the owner’s list of what was applied',
};
/** Better Auth knows no workspaces: its schema is closed to every role but its own. */
const authSchema = 'auth';
const logins = ['pingvas_app', 'pingvas_worker', 'pingvas_admin', 'pingvas_auth'] as const;
const roles = [...logins, 'pingvas_queue'] as const;

const ourSchemas =
  "n.nspname not in ('pg_catalog', 'information_schema', 'graphile_worker') and n.nspname not like 'pg_toast%' and n.nspname not like 'pg_temp%'";

async function rowsOf<Row extends pg.QueryResultRow>(
  db: TestDatabase,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return (await db.owner.pool.query<Row>(text, values)).rows;
}

type Table = { name: string; schema: string; tenant: boolean; enabled: boolean; forced: boolean };
const tables = (db: TestDatabase): Promise<Table[]> =>
  rowsOf(
    db,
    `select n.nspname || '.' || c.relname as name, n.nspname as schema, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
       exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped) as tenant
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'm', 'f') and ${ourSchemas} order by 1`,
  );
const tenantTables = async (db: TestDatabase): Promise<string[]> =>
  (await tables(db)).filter((table) => table.tenant).map((table) => table.name);

test('every table with a workspace has forced row-level security; every other is on the list', async ({ db }) => {
  const all = await tables(db);
  expect(all.filter((table) => table.tenant && !(table.enabled && table.forced))).toEqual([]);
  const others = all.filter((table) => !table.tenant && table.schema !== authSchema).map((table) => table.name);
  expect(others.sort()).toEqual(Object.keys(tablesOfNobody).sort());
});

test('every role with rights on a workspace’s table has a policy there, and the app’s looks at the workspace of the transaction', async ({
  db,
}) => {
  const policies = await rowsOf<{
    table: string;
    role: string;
    rights: string[];
    using: string | null;
    check: string | null;
    policies: number;
  }>(
    db,
    `select n.nspname || '.' || c.relname as table, r.rolname as role, count(p.oid)::int as policies,
       array(select x from unnest(array['select', 'insert', 'update', 'delete']) x
         where case x when 'delete' then has_table_privilege(r.oid, c.oid, x) else has_any_column_privilege(r.oid, c.oid, x) end) as rights,
       string_agg(pg_get_expr(p.polqual, c.oid), ' | ') as using, string_agg(pg_get_expr(p.polwithcheck, c.oid), ' | ') as check
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
     cross join pg_roles r left join pg_policy p on p.polrelid = c.oid and r.oid = any(p.polroles)
     where c.relkind in ('r', 'p') and ${ourSchemas} and r.rolname = any($1) group by 1, 2, c.oid, r.oid`,
    [roles],
  );
  expect(policies.length).toBeGreaterThan(0);
  for (const policy of policies) {
    if (policy.rights.length > 0)
      expect(policy, `${policy.role} has rights on ${policy.table}`).toMatchObject({ policies: 1 });
    if (policy.role === 'pingvas_app' && policy.policies > 0) {
      expect(policy.using).toContain("current_setting('app.tenant_id'");
      expect(policy.check).toContain("current_setting('app.tenant_id'");
    }
    // The worker and the accounts' role reach no table of a workspace at all.
    if (policy.role === 'pingvas_worker' || policy.role === 'pingvas_auth')
      expect(policy).toMatchObject({ rights: [] });
  }
});

test('no role of ours owns a table, is a superuser, skips row-level security or can become another', async ({ db }) => {
  const found = await rowsOf<{ role: string; login: boolean; strong: boolean; owned: number; member: number }>(
    db,
    `select r.rolname as role, r.rolcanlogin as login, r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication as strong,
       (select count(*) from pg_class c where c.relowner = r.oid)::int as owned, (select count(*) from pg_auth_members m where m.member = r.oid)::int as member
     from pg_roles r where r.rolname = any($1)`,
    [roles],
  );
  expect(found).toHaveLength(roles.length);
  for (const role of found)
    expect(role).toEqual({ role: role.role, login: role.role !== 'pingvas_queue', strong: false, owned: 0, member: 0 });
});

test('the schema of accounts is open to its own role only, and that role to nothing else', async ({ db }) => {
  const rights = await rowsOf<{ role: string; schema: string }>(
    db,
    `select distinct r.rolname as role, n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join pg_roles r
     where c.relkind in ('r', 'p', 'v', 'm') and r.rolname = any($1) and ${ourSchemas}
       and has_schema_privilege(r.oid, n.oid, 'usage') and (has_any_column_privilege(r.oid, c.oid, 'select, insert, update') or has_table_privilege(r.oid, c.oid, 'delete'))`,
    [logins],
  );
  expect(rights.filter((right) => right.schema === authSchema).map((right) => right.role)).toEqual(['pingvas_auth']);
  expect(rights.filter((right) => right.role === 'pingvas_auth').map((right) => right.schema)).toEqual([authSchema]);
});

test('views would see with the caller’s eyes', async ({ db }) => {
  const views = await rowsOf(
    db,
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'v' and ${ourSchemas} and not coalesce('security_invoker=true' = any(c.reloptions), false)`,
  );
  expect(views).toEqual([]);
});

test('the functions that act with another role’s rights are exactly the listed ones, closed to the public and without a search path', async ({
  db,
}) => {
  const functions = await rowsOf<{ signature: string; owner: string; path: boolean; open: boolean }>(
    db,
    `select n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')' as signature, pg_get_userbyid(p.proowner) as owner,
       coalesce('search_path=""' = any(p.proconfig), false) as path,
       p.proacl is null or exists (select from aclexplode(p.proacl) x where x.grantee = 0) as open
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prosecdef and ${ourSchemas} order by 1`,
  );
  const listed = readFileSync(path.join(import.meta.dirname, 'security-definer.txt'), 'utf8')
    .trim()
    .split('\n');
  expect(functions.map((each) => each.signature)).toEqual(listed);
  expect(
    functions.filter((each) => !each.path || each.open || !['pingvas_queue', 'pingvas_auth'].includes(each.owner)),
  ).toEqual([]);
});

test('no function of ours can be called by a role nobody named', async ({ db }) => {
  const open = await rowsOf(
    db,
    `select n.nspname || '.' || p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where ${ourSchemas} and n.nspname <> 'meta' and (p.proacl is null or exists (select from aclexplode(p.proacl) x where x.grantee = 0))
       and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
  );
  expect(open).toEqual([]);
});

/** A workspace with a row in every table there is. A new table of workspaces needs its row here. */
async function aFullWorkspace(db: TestDatabase): Promise<string> {
  const workspace = await aWorkspace(db);
  const model = await aModel(db);
  const key = await anApiKey(db, workspace);
  await sealLedger({ db: db.app }, workspace.workspaceId);
  await db.owner.pool.query(
    "insert into public.ledger_day_leaf (day, workspace_id, seq, leaf) values ('2001-01-01', $1, 1, 'test')",
    [workspace.workspaceId],
  );
  await aSucceededGeneration(db, workspace, model);
  await aGeneration(db, workspace, model, {
    api_key_id: key,
    surcharge: 20_000,
    ceiling: 25_000,
    idempotency: { key: 'k', fingerprint: 'f' },
  });
  await aClaim(db, await aWorker(db, [model]), [model]);
  await aGeneration(db, workspace, model);
  await db.owner.pool.query(
    `insert into public.workspace_invitation (invitation_id, workspace_id, email, role, token_hash, invited_by, expires_at)
     values ($1, $2, 'a@example.test', 'member', decode(md5($1::uuid::text), 'hex'), $3, now() + interval '7 days')`,
    [newId(), workspace.workspaceId, workspace.userId],
  );
  await db.owner.pool.query(
    `insert into public.budget_alert (workspace_id, subject_kind, subject_id, period_start, threshold) values ($1, 'member', $2, now(), 50)`,
    [workspace.workspaceId, workspace.userId],
  );
  await db.owner.pool.query(
    `with s as (insert into public.billing_subscription
       (provider, subscription_id, workspace_id, customer_id, item_id, status, cancelled, created_at, updated_at)
       values ('sandbox', $1::text, $1::uuid, 'c', 'pro_monthly', 'active', false, now(), now())),
     i as (insert into public.billing_subscription_item values ('sandbox', $1::text, now(), $1::uuid, 'pro_monthly')),
     p as (insert into public.billing_payment (provider, kind, payment_id, workspace_id, customer_id, reason, status, currency, total_cents,
       refunded_cents, created_at, updated_at) values ('sandbox', 'order', $1::text, $1::uuid, 'c', 'order', 'paid', 'USD', 1, 0, now(), now())),
     d as (insert into public.billing_dispute
       values ('sandbox', $1::text, $1::uuid, 'order', $1::text, 'open', 'USD', 1, now(), now())),
     g as (insert into public.billing_grant select 'sandbox', 'order', $1::text, '0', workspace_id, grant_id, 1
       from public.credit_grant where workspace_id = $1::uuid limit 1),
     b as (insert into public.billing_state values ($1::uuid, 'pro', now(), false, null)),
     h as (insert into public.plan_change values ($1::uuid, $2, 'sandbox', $1::text, 'pro_monthly', 'upgrade', now(), now())),
     r as (insert into public.billing_drift (workspace_id, provider, kind, object_id, after, found_at)
       values ($1::uuid, 'sandbox', 'order', $1::text, '{}', now()))
     insert into public.enterprise_contract values ($2, $1::uuid, now(), now() + interval '1 year')`,
    [workspace.workspaceId, newId()],
  );
  return workspace.workspaceId;
}

type Answer = { rows: number } | { code: string };

/** Runs one statement as the app with these settings, and takes it back. */
async function asApp(
  client: pg.ClientBase,
  context: string | undefined,
  text: string,
  values: unknown[],
): Promise<Answer> {
  await client.query('begin');
  try {
    if (context !== undefined) await client.query("select set_config('app.tenant_id', $1, true)", [context]);
    const { rowCount } = await client.query(text, values);
    return { rows: rowCount ?? 0 };
  } catch (error) {
    return { code: (error as { code?: string }).code ?? String(error) };
  } finally {
    await client.query('rollback');
  }
}

const denied = '42501';
const malformedUuid = '22P02';

test('a foreign row can be neither read, changed, removed, added nor overwritten, whatever the transaction’s workspace', async ({
  db,
}) => {
  const [victim, other] = [await aFullWorkspace(db), await aFullWorkspace(db)];
  const contexts: [string, string | undefined][] = [
    ['none', undefined],
    ['another workspace', other],
    ['empty', ''],
    ['malformed', 'not a workspace'],
  ];
  const fingerprint = async (table: string): Promise<unknown> =>
    (
      await rowsOf(
        db,
        `select count(*)::int as rows, md5(string_agg(t::text, '' order by t::text)) as content from ${table} t where workspace_id = $1`,
        [victim],
      )
    )[0];
  const client = await db.app.pool.connect();
  try {
    for (const table of await tenantTables(db)) {
      const before = await fingerprint(table);
      expect(before, `${table} has a row to protect`).not.toMatchObject({ rows: 0 });
      const [row] = await rowsOf<{ row: unknown }>(
        db,
        `select to_jsonb(t) as row from ${table} t where workspace_id = $1 limit 1`,
        [victim],
      );
      const [updatable] = await rowsOf<{ column: string }>(
        db,
        `select quote_ident(a.attname) as column from pg_attribute a
         where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and has_column_privilege('pingvas_app', a.attrelid, a.attnum, 'update') limit 1`,
        [table],
      );
      const column = updatable?.column ?? 'workspace_id';
      const copy = `insert into ${table} select * from jsonb_populate_record(null::${table}, $1)`;
      const statements: [string, string, unknown[]][] = [
        ['select', `select 1 from ${table} where workspace_id = $1`, [victim]],
        ['update', `update ${table} set ${column} = ${column} where workspace_id = $1`, [victim]],
        ['delete', `delete from ${table} where workspace_id = $1`, [victim]],
        ['insert', copy, [row!.row]],
        ['upsert', `${copy} on conflict do nothing`, [row!.row]],
      ];
      for (const [context, setting] of contexts) {
        for (const [command, text, values] of statements) {
          const answer = await asApp(client, setting, text, values);
          const what = `${command} on ${table}, context ${context}: ${JSON.stringify(answer)}`;
          // Adding is refused by the wall itself: a duplicate key would tell that the row exists.
          const refusals = context === 'malformed' ? [denied, malformedUuid] : [denied];
          if ('code' in answer) expect(refusals, what).toContain(answer.code);
          else expect([command.endsWith('sert'), answer.rows], what).toEqual([false, 0]);
        }
      }
      expect(await fingerprint(table)).toEqual(before);
    }
  } finally {
    client.release();
  }
});

test('inside its own workspace the app sees its rows: the wall has a door', async ({ db }) => {
  const own = await aFullWorkspace(db);
  const client = await db.app.pool.connect();
  try {
    for (const table of await tenantTables(db)) {
      const answer = await asApp(client, own, `select 1 from ${table} where workspace_id = $1`, [own]);
      if ('code' in answer) expect(answer.code, table).toBe(denied);
      else expect(answer.rows, table).toBeGreaterThan(0);
    }
  } finally {
    client.release();
  }
});

test('a workspace set in one transaction is gone in the next one of the same connection', async ({ db }) => {
  const own = await aFullWorkspace(db);
  const client = await db.app.pool.connect();
  try {
    expect(await asApp(client, own, 'select 1 from public.generation', [])).not.toEqual({ rows: 0 });
    expect(await asApp(client, undefined, 'select 1 from public.generation', [])).toEqual({ rows: 0 });
    const { rows } = await client.query("select current_setting('app.tenant_id', true) as setting");
    expect(rows[0].setting).toBe('');
  } finally {
    client.release();
  }
});
