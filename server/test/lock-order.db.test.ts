import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { test } from '#test/database.ts';
import { aClaim, aGeneration, aModel, aSettle, aSubmit, aWorker, aWorkspace } from '#test/factories.ts';

test('submits and settlements that meet on the same accounts, given in any order, never lock each other out', async ({
  db,
}) => {
  const model = await aModel(db);
  const worker = await aWorker(db, [model]);
  const places = await Promise.all(Array.from({ length: 9 }, () => aWorkspace(db, { plan: 'studio' })));
  places.sort((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1));
  const claims = [];
  for (const place of places) {
    await aGeneration(db, place, model);
    claims.push(await aClaim(db, worker, [model], model));
  }
  const call = (pool: typeof db.app.pool, name: string, inputs: unknown[]): Promise<string> =>
    pool.query(`select public.${name}($1::jsonb)`, [JSON.stringify(inputs)]).then(() => 'done', String);
  const submits = (): unknown[] => places.map((place) => aSubmit(place, model));

  // Both come to a stop at the account in the middle, each with what it locked before it.
  const gate = await db.owner.pool.connect();
  await gate.query('begin');
  await gate.query('select from public.credit_account where workspace_id = $1 for update', [places[4]!.workspaceId]);
  const calls = [
    call(db.app.pool, 'submit_generations', submits()),
    call(
      db.worker.pool,
      'settle_generations',
      claims.map((claim) => aSettle(claim, worker)),
    ),
    call(db.app.pool, 'submit_generations', submits().toReversed()),
  ];
  const waiting = async (): Promise<number> =>
    (
      await db.owner.pool.query<{ waiting: number }>(
        "select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      )
    ).rows[0]!.waiting;
  while ((await waiting()) < calls.length) await delay(10);
  await gate.query('commit');
  gate.release();
  expect(await Promise.all(calls)).toEqual(calls.map(() => 'done'));
});

test('the database itself refuses a second transaction with the reference of a first', async ({ db }) => {
  const { workspaceId } = await aWorkspace(db);
  const post = (): Promise<unknown> =>
    db.owner.pool.query(
      "insert into public.ledger_transaction (transaction_id, workspace_id, kind, reference, created_at) values (public.new_id(), $1, 'adjustment', 'once', now())",
      [workspaceId],
    );
  await post();
  await expect(post()).rejects.toThrow(/ledger_transaction_once/);
});
