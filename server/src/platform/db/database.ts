import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { DB } from './schema.gen.ts';

/** A pool of one role together with a query builder over it. Only this module's siblings and `main` touch the raw pool. */
export type Database = { readonly pool: pg.Pool; readonly kysely: Kysely<DB> };

/** Wraps a pool. Closing the pool is the caller's matter. */
export function createDatabase(pool: pg.Pool): Database {
  return { pool, kysely: new Kysely<DB>({ dialect: new PostgresDialect({ pool }) }) };
}
