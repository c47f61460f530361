import {
  type CompiledQuery,
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCreator,
  sql,
  type Transaction,
} from 'kysely';
import type { Database } from './database.ts';
import type { DB } from './schema.gen.ts';

declare const tenantBrand: unique symbol;

/** Proof that a tenant is set: only this module makes one, so a query outside a tenant does not compile. */
type Tenant = { readonly [tenantBrand]: true };

/** A transaction inside one tenant. */
export type TenantTx = Transaction<DB> & Tenant;

/** Builds queries that will run inside one tenant; `TenantTx` is one too. */
export type TenantQuery = QueryCreator<DB> & Tenant;

/** Who a transaction acts for. `userId` additionally opens that person's own memberships. */
export type TenantScope = { workspaceId?: string | undefined; userId?: string | undefined };

const builder = new Kysely<DB>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
}) as unknown as TenantQuery;

const setScope = "select set_config('app.tenant_id', $1, true), set_config('app.user_id', $2, true)";

const scopeOf = (scope: TenantScope | string): [string, string] =>
  typeof scope === 'string' ? [scope, ''] : [scope.workspaceId ?? '', scope.userId ?? ''];

/**
 * Runs `work` in one transaction inside a workspace (or a person's own scope). Commits when it returns, rolls back when it throws.
 * Row-level security sees the workspace by `app.tenant_id`, which ends with the transaction.
 */
export async function withTenant<T>(
  db: Database,
  scope: TenantScope | string,
  work: (tx: TenantTx) => Promise<T>,
): Promise<T> {
  const [workspaceId, userId] = scopeOf(scope);
  return db.kysely.transaction().execute(async (tx) => {
    await sql`select set_config('app.tenant_id', ${workspaceId}, true), set_config('app.user_id', ${userId}, true)`.execute(
      tx,
    );
    return work(tx as TenantTx);
  });
}

/**
 * Runs one read inside a workspace in a single round trip: begin, scope, statement and commit are pipelined.
 * Returns the rows. Measured against four awaited statements: about twice the reads per second.
 */
export async function readTenant<Row>(
  db: Database,
  scope: TenantScope | string,
  build: (query: TenantQuery) => Compilable<Row>,
): Promise<Row[]> {
  return runInScope(db, scope, build(builder).compile(), 'begin read only');
}

/** Runs one call of a SQL function (a hot path) inside a workspace in a single round trip, with the right to write. Returns the rows. */
export async function callTenant<Row>(
  db: Database,
  scope: TenantScope | string,
  build: (query: TenantQuery) => Compilable<Row>,
): Promise<Row[]> {
  return runInScope(db, scope, build(builder).compile(), 'begin');
}

async function runInScope<Row>(
  db: Database,
  scope: TenantScope | string,
  query: CompiledQuery<Row>,
  begin: string,
): Promise<Row[]> {
  const client = await db.pool.connect();
  let broken: Error | undefined;
  try {
    const flush = holdWrites(client);
    const asked = Promise.allSettled([
      client.query(begin),
      client.query(setScope, scopeOf(scope)),
      client.query({ text: query.sql, values: [...query.parameters] }),
      client.query('commit'),
    ]);
    flush();
    const results = await asked;
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) {
      // The commit behind a failed statement has already answered ROLLBACK; only a lost connection must not go back to the pool.
      if (results[3].status === 'rejected') broken = failed.reason as Error;
      throw failed.reason;
    }
    const answer = results[2] as PromiseFulfilledResult<{ rows: Row[] }>;
    return answer.value.rows;
  } finally {
    client.release(broken);
  }
}

/** Collects what is written to the server until the returned function is called: one packet and one system call for a whole pipeline. */
function holdWrites(client: unknown): () => void {
  const { stream } = (client as { connection: { stream: { cork: () => void; uncork: () => void } } }).connection;
  stream.cork();
  return () => stream.uncork();
}
