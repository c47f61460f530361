import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Actor } from '#platform/actor.ts';
import { withTenant } from '#platform/db/tenant.ts';
import { newId } from '#platform/new-id.ts';
import { test, type TestDatabase } from '#test/database.ts';
import { aWorkspace } from '#test/factories.ts';
import { getCredits } from './get-credits.ts';
import { getUsage } from './get-usage.ts';
import { grantCredits } from './grant-credits.ts';
import { listTransactions } from './list-transactions.ts';
import { paidFrom } from './paid-from.ts';

const dayMs = 86_400_000;
const actorOf = (workspaceId: string): Actor => ({
  kind: 'key',
  keyId: randomUUID(),
  userId: 'someone',
  workspaceId,
  plan: 'pro',
  suspended: false,
  role: 'owner',
  scopes: ['read', 'generate'],
});

/** Holds and settles a generation; returns its id. */
async function aCharge(db: TestDatabase, workspaceId: string, held: number, actual: number): Promise<string> {
  const id = newId();
  await db.owner.pool.query('select public.ledger_hold($1, $2, $3, $4, now()) from public.ledger_advance($1, now())', [
    workspaceId,
    id,
    `job:${id}`,
    held,
  ]);
  await db.owner.pool.query("select public.ledger_capture($1, $2, $3, $2, 'image', now())", [workspaceId, id, actual]);
  return id;
}

const freeGrant = async (db: TestDatabase, workspaceId: string, hash: Buffer, now = new Date()): Promise<boolean> => {
  const rows = await withTenant(db.app, workspaceId, async (tx) => {
    return (
      await sql<{
        granted: boolean;
      }>`select public.grant_free_period(${workspaceId}, ${hash}, 100000, ${now}) as granted`.execute(tx)
    ).rows;
  });
  return rows[0]!.granted;
};

test('credits show what can be spent, what is held, and the grants in the order of spending', async ({ db }) => {
  const { workspaceId } = await aWorkspace(db, { credits: 5_000 });
  await grantCredits(db.admin, {
    workspaceId,
    kind: 'promotional',
    amount: 2_500,
    reference: 'gift',
    reason: 'sorry',
    expiresAt: new Date(Date.now() + dayMs),
  });
  await aCharge(db, workspaceId, 1_000, 700);
  await db.owner.pool.query(
    "select public.ledger_hold($1, $2, 'open', 2000, now()) from public.ledger_advance($1, now())",
    [workspaceId, randomUUID()],
  );
  const credits = await getCredits({ db: db.app }, actorOf(workspaceId));
  expect(credits).toMatchObject({ available: 4.8, held: 2, unlimited: false, credits_used_this_month: 0.7 });
  expect(credits.grants.map(({ kind, granted, remaining }) => [kind, granted, remaining])).toEqual([
    ['promotional', 2.5, 1.8],
    ['purchase', 5, 5],
  ]);
  expect(credits.grants[0]!.expires_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test('Enterprise has no limit and its usage is counted', async ({ db }) => {
  const { workspaceId } = await aWorkspace(db, { plan: 'enterprise', credits: 0 });
  await aCharge(db, workspaceId, 5_000, 7_654);
  expect(await getCredits({ db: db.app }, actorOf(workspaceId))).toMatchObject({
    available: null,
    held: 0,
    unlimited: true,
    credits_used_this_month: 7.654,
    grants: [],
  });
});

test('a reader never sees the month that has ended', async ({ db }) => {
  const workspaceId = newId();
  const start = new Date(Date.now() - 45 * dayMs);
  await db.owner.pool.query("select public.create_workspace($1, 'team', 'test', 'someone', $2)", [workspaceId, start]);
  await db.owner.pool.query("select public.set_plan($1, 'pro', null, 7500000, 'invoice', $2)", [workspaceId, start]);
  const { available, period } = await getCredits({ db: db.app }, actorOf(workspaceId));
  expect(available).toBe(0);
  expect(Date.parse(period.end)).toBeGreaterThan(Date.now());
  expect(await getUsage({ db: db.app }, workspaceId)).toMatchObject({ usedMilli: 0, apiCalls: 0, storageBytes: 0 });
});

test('the history is complete, newest first, in pages that neither overlap nor leave out', async ({ db }) => {
  const { workspaceId } = await aWorkspace(db, { credits: 10_000 });
  const jobs = [];
  for (let n = 1; n <= 5; n += 1) jobs.push(await aCharge(db, workspaceId, 500, n));
  const deps = { db: db.app };
  const seen = [];
  let cursor: string | undefined;
  do {
    const page = await listTransactions(deps, actorOf(workspaceId), { limit: 2, cursor });
    seen.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  expect(seen.map((entry) => entry.credits)).toEqual([-0.005, -0.004, -0.003, -0.002, -0.001, 10]);
  expect(seen.map((entry) => entry.balance_after)).toEqual([9.985, 9.99, 9.994, 9.997, 9.999, 10]);
  expect(seen.map((entry) => entry.job_id)).toEqual([...jobs.reverse(), undefined]);
  await expect(listTransactions(deps, actorOf(workspaceId), { limit: 2, cursor: 'x' })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

test('a neighbour sees nothing of the ledger', async ({ db }) => {
  const { workspaceId } = await aWorkspace(db);
  const neighbour = await aWorkspace(db, { credits: 0 });
  const job = await aCharge(db, workspaceId, 500, 300);
  const seen = await withTenant(db.app, neighbour.workspaceId, (tx) => paidFrom(tx, workspaceId, job));
  expect(seen).toEqual({ paid_from: [], entries: [] });
  expect((await listTransactions({ db: db.app }, actorOf(neighbour.workspaceId), { limit: 20 })).data).toEqual([]);
});

test('a receipt names who paid, less what was refunded, and the parts add up', async ({ db }) => {
  const { workspaceId } = await aWorkspace(db, { credits: 5_000 });
  await grantCredits(db.admin, {
    workspaceId,
    kind: 'promotional',
    amount: 600,
    reference: 'gift',
    reason: 'gift',
    expiresAt: null,
  });
  const job = await aCharge(db, workspaceId, 1_000, 1_000);
  await db.owner.pool.query("select public.ledger_refund($1, $2, 150, 'refund', 'blurred', now())", [workspaceId, job]);
  const { paid_from: payers, entries } = await withTenant(db.app, workspaceId, (tx) => paidFrom(tx, workspaceId, job));
  expect(payers.map(({ kind, credits }) => [kind, credits])).toEqual([
    ['promotional', 0.6],
    ['purchase', 0.25],
  ]);
  expect(entries.map(({ kind, credits }) => [kind, credits])).toEqual([
    ['capture', -1],
    ['refund', 0.15],
  ]);
});

test('the operator’s grant arrives once per reference', async ({ db }) => {
  const { workspaceId } = await aWorkspace(db, { credits: 0 });
  const grant = {
    workspaceId,
    kind: 'promotional',
    amount: 1_000,
    reference: 'once',
    reason: 'gift',
    expiresAt: null,
  } as const;
  const ids = await Promise.all(Array.from({ length: 8 }, () => grantCredits(db.admin, grant)));
  expect(new Set(ids).size).toBe(1);
  expect((await getCredits({ db: db.app }, actorOf(workspaceId))).available).toBe(1);
  await expect(grantCredits(db.admin, { ...grant, amount: 0 })).rejects.toThrow(RangeError);
});

test('of many holds at once exactly those are accepted that the balance covers', async ({ db }) => {
  const { workspaceId } = await aWorkspace(db, { credits: 37_500 });
  const holds = Array.from({ length: 100 }, (_, n) =>
    db.owner.pool.query(
      'select public.ledger_hold($1, $2, $3, 1000, now()) as held from public.ledger_advance($1, now())',
      [workspaceId, randomUUID(), `job:${n}`],
    ),
  );
  const answers = (await Promise.all(holds)).map(({ rows }) => rows[0].held as number);
  expect(answers.filter((held) => held === 1_000)).toHaveLength(37);
  expect(answers.filter((held) => held === -1)).toHaveLength(63);
  expect(await getCredits({ db: db.app }, actorOf(workspaceId))).toMatchObject({ available: 0.5, held: 37 });
});

test('the Free credits come once, however often and from however many sides they are asked for', async ({ db }) => {
  const { workspaceId } = await aWorkspace(db, { plan: 'free', credits: 0 });
  const hash = randomBytes(32);
  const answers = await Promise.all(Array.from({ length: 8 }, () => freeGrant(db, workspaceId, hash)));
  expect(answers).toEqual(answers.map(() => true));
  expect((await getCredits({ db: db.app }, actorOf(workspaceId))).available).toBe(100);
});

test('one address gets one month’s Free credits, also in a second account; a month later the claim is free', async ({
  db,
}) => {
  const first = await aWorkspace(db, { plan: 'free', credits: 0 });
  const second = await aWorkspace(db, { plan: 'free', credits: 0 });
  const hash = randomBytes(32);
  expect(await freeGrant(db, first.workspaceId, hash)).toBe(true);
  expect(await freeGrant(db, second.workspaceId, hash)).toBe(false);
  const later = new Date(Date.now() + 40 * dayMs);
  // The first account lives: its own clock grants, whoever comes first.
  expect(await freeGrant(db, second.workspaceId, hash, later)).toBe(false);
  await db.owner.pool.query("select public.set_plan($1, 'pro', null, 0, 'upgrade', now())", [first.workspaceId]);
  expect(await freeGrant(db, second.workspaceId, hash, later)).toBe(true);
});

test('Free credits are for personal workspaces on plan Free, and only inside one’s own', async ({ db }) => {
  const team = await aWorkspace(db, { plan: 'free', credits: 0, kind: 'team' });
  const pro = await aWorkspace(db, { plan: 'pro', credits: 0 });
  expect(await freeGrant(db, team.workspaceId, randomBytes(32))).toBe(false);
  expect(await freeGrant(db, pro.workspaceId, randomBytes(32))).toBe(false);
  const other = await aWorkspace(db, { plan: 'free', credits: 0 });
  const client = await db.app.pool.connect();
  try {
    await client.query('begin');
    await client.query("select set_config('app.tenant_id', $1, true)", [pro.workspaceId]);
    await expect(
      client.query("select public.grant_free_period($1, '\\x01', 1, now())", [other.workspaceId]),
    ).rejects.toMatchObject({ code: '42501' });
  } finally {
    await client.query('rollback');
    client.release();
  }
});

test.for(['app', 'worker', 'auth'] as const)(
  'the role %s cannot give, hold or move credits by itself',
  async (role, { db }) => {
    const { workspaceId } = await aWorkspace(db);
    const attempts = [
      `select public.ledger_grant('${workspaceId}', 'purchase', 1, 'x', '', now(), null, null, now())`,
      `select public.grant_credits('${workspaceId}', 'purchase', 1, 'x', '', null)`,
      `select public.set_plan('${workspaceId}', 'studio', null, 1, 'x', now())`,
      `select public.ledger_refund('${workspaceId}', '${workspaceId}', null, 'x', '', now())`,
      `select public.ledger_adjust('${workspaceId}', 1, 'x', '', now())`,
      `select public.ledger_release('${workspaceId}', '${workspaceId}', now())`,
      `update public.credit_account set balance = 1`,
      `insert into public.credit_grant (grant_id) values (gen_random_uuid())`,
    ];
    for (const attempt of attempts)
      await expect(db[role].pool.query(attempt), attempt).rejects.toMatchObject({ code: '42501' });
  },
);

test('history cannot be rewritten, and nothing enters it that does not sum to zero', async ({ db }) => {
  const { workspaceId } = await aWorkspace(db);
  for (const attempt of [
    'update public.ledger_entry set amount = 1',
    'delete from public.ledger_transaction',
    'delete from public.grant_consumption',
  ])
    await expect(db.owner.pool.query(attempt), attempt).rejects.toThrow('append only');
  const id = randomUUID();
  const lopsided = db.owner.pool.query(
    `with t as (insert into public.ledger_transaction (transaction_id, workspace_id, kind, reference, created_at) values ('${id}', '${workspaceId}', 'grant', 'x', now()))
     insert into public.ledger_entry (entry_id, transaction_id, workspace_id, account, amount, balance_after, created_at)
     values ('${id}', '${id}', '${workspaceId}', 'workspace', 1, 1, now())`,
  );
  await expect(lopsided).rejects.toThrow('does not sum to zero');
});
