import { sql } from 'kysely';
import type pg from 'pg';
import { expect, onTestFinished } from 'vitest';
import { randomFrom } from '#adapters/pictures/test-pictures.ts';
import { createDatabase, type Database } from '#platform/db/database.ts';
import { openPool } from '#platform/db/pool.ts';
import { callTenant, readTenant, withTenant } from '#platform/db/tenant.ts';
import { test } from '#test/database.ts';
import { aGeneration, aModel, aWorkspace } from '#test/factories.ts';

/*
 * Many workspaces share few connections, and everything that can go wrong between them does: statements that fail, that are cancelled by their time limit,
 * whose connection is cut, callers that give up. It fails, as tried, when `set_config` is told `false` (the workspace outlives its transaction).
 */

const seed = 20_261_123;
const requestsMax = 2_000;
/** What a statement may end with here: our own division, the time limit, a cut connection, a wait for one that is over, a caller that threw. */
const expected =
  /division by zero|statement timeout|terminat|Connection|timeout exceeded|the caller gave up|not queryable|EPIPE|ECONNRESET/i;

type Row = { workspace_id: string };

test('2,000 requests of 50 workspaces over 5 connections never meet each other, whatever fails between them', async ({
  db,
}) => {
  const random = randomFrom(seed);
  const model = await aModel(db);
  const workspaces = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const workspace = await aWorkspace(db);
      await aGeneration(db, workspace, model);
      return workspace.workspaceId;
    }),
  );
  const url = `${db.url('pingvas_app')}&options=${encodeURIComponent('-c statement_timeout=100')}`;
  const pool = openPool({ connectionString: url, max: 5, name: 'leak', log: { warn: () => undefined } });
  onTestFinished(() => pool.end());
  const shared = createDatabase(pool);
  // Looks at each connection when it comes back, before the next caller gets it.
  const left: (string | null)[] = [];
  const looks: Promise<unknown>[] = [];
  const settingOn = async (client: pg.PoolClient): Promise<void> => {
    const { rows } = await client.query<{ tenant: string | null; person: string | null }>(
      "select current_setting('app.tenant_id', true) as tenant, current_setting('app.user_id', true) as person",
    );
    left.push(rows[0]!.tenant, rows[0]!.person);
  };
  const look = async (): Promise<void> => {
    const client = await pool.connect();
    try {
      await settingOn(client);
      client.release();
    } catch (error) {
      client.release(error as Error);
    }
  };

  const seen = { rows: 0, foreign: 0, failed: 0, unexpected: [] as string[] };
  const one = async (number: number): Promise<void> => {
    const own = workspaces[random() % workspaces.length]!;
    const [way, fate] = [random() % 3, random() % 8];
    try {
      const rows = await request(shared, own, way, fate);
      seen.rows += rows.length;
      seen.foreign += rows.filter(({ workspace_id: id }) => id !== own).length;
    } catch (error) {
      seen.failed += 1;
      if (!expected.test((error as Error).message)) seen.unexpected.push(String(error));
    }
    if (number % 100 === 50) await cutOne(db.owner);
    looks.push(look().catch(() => undefined));
  };
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let number = next++; number < requestsMax; number = next++) {
      // Some callers are gone before the answer: nobody waits for what they asked.
      if (random() % 10 === 0) looks.push(one(number));
      else await one(number);
    }
  };
  await Promise.all(Array.from({ length: 20 }, lane));
  await Promise.all(looks);

  expect(seen.unexpected, `seed ${seed}`).toEqual([]);
  expect(seen.foreign, `seed ${seed}`).toBe(0);
  expect(seen.rows).toBeGreaterThan(500);
  expect(seen.failed).toBeGreaterThan(200);
  expect(left.length).toBeGreaterThan(3_000);
  // Null on a connection that has served nobody yet, empty on one that has.
  expect(left.filter((setting) => setting !== '' && setting !== null)).toEqual([]);
  expect(pool.totalCount).toBeLessThanOrEqual(5);
});

/** One request: everything it sees without asking for a workspace, in one of three ways, with one of the fates a request can have. */
async function request(shared: Database, own: string, way: number, fate: number): Promise<Row[]> {
  // What the second column does: fails, outlasts the time limit, or nothing.
  const deed = fate === 0 ? sql`1 / (n - n)` : fate === 1 ? sql`pg_sleep(5)` : sql`n`;
  const text = sql<Row>`select workspace_id, ${deed} from (select workspace_id, 1 as n from public.generation) g`;
  if (way === 2)
    return withTenant(shared, own, async (tx) => {
      const { rows } = await text.execute(tx);
      if (fate === 2) throw new Error('the caller gave up');
      return rows;
    });
  const ask = way === 0 ? readTenant : callTenant;
  return ask<Row>(shared, own, (query) => ({ compile: () => text.compile(query as never) }));
}

/** Ends one of the pool's connections from outside, as a failover or an operator does. */
async function cutOne(owner: Database): Promise<void> {
  await owner.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'pingvas leak' order by backend_start limit 1`,
  );
}
