import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { expect } from 'vitest';
import { type Claim, type Settle, settleGeneration, type Submit } from './generations.queries.ts';
import { newId } from '#platform/new-id.ts';
import { test, type TestDatabase } from '#test/database.ts';
import {
  aClaim,
  aGeneration,
  aModel,
  anApiKey,
  aSettle,
  aSubmit,
  aWorker,
  aWorkspace,
  type TestWorkspace,
} from '#test/factories.ts';
import { accountFacts, brokenQueueRules, queueFacts } from '#test/queue-invariants.ts';

/** Calls a function of the queue with a list, as its login does. */
async function together<Answer>(pool: Pick<pg.Pool, 'query'>, name: string, inputs: unknown[]): Promise<Answer[]> {
  const { rows } = await pool.query(`select public.${name}($1::jsonb) as answers`, [JSON.stringify(inputs)]);
  return rows[0].answers;
}

async function oneByOne<Answer>(pool: Pick<pg.Pool, 'query'>, name: string, inputs: unknown[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const input of inputs) answers.push(...(await together<Answer>(pool, name, [input])));
  return answers;
}

/** Two workspaces that differ in nothing but their ids: plan credits that end, a purchase, and promotional credits that are frozen. */
async function twins(db: TestDatabase, credits: number): Promise<[TestWorkspace, TestWorkspace]> {
  const pair = [await aWorkspace(db, { credits: 0 }), await aWorkspace(db, { credits: 0 })] as const;
  for (const { workspaceId } of pair) {
    await db.owner.pool.query(
      "select public.ledger_grant($1, 'plan', 7000, 'month', 'test', now(), now() + interval '9 days', null, now())",
      [workspaceId],
    );
    await db.owner.pool.query(
      "select public.ledger_grant($1, 'purchase', $2, 'order', 'test', now(), null, null, now())",
      [workspaceId, credits],
    );
    await db.owner.pool.query(
      "select public.ledger_grant($1, 'promotional', 9000, 'gift', 'test', now(), null, null, now())",
      [workspaceId],
    );
    await db.owner.pool.query(
      "update public.credit_grant set frozen_at = now() where workspace_id = $1 and kind = 'promotional'",
      [workspaceId],
    );
  }
  return [...pair];
}

/** Everything about a workspace's money that has no id or time of its own, in the order in which it was written. */
async function moneyOf(db: TestDatabase, { workspaceId }: TestWorkspace): Promise<unknown> {
  const list = async (text: string) => (await db.owner.pool.query(text, [workspaceId])).rows;
  return {
    account: { ...(await accountFacts(db, workspaceId)), recent_gpu_ms: 0 },
    grants: await list(
      'select kind, remaining, reserved from credit_grant where workspace_id = $1 order by priority, granted',
    ),
    holds: await list('select amount, state from credit_hold where workspace_id = $1 order by amount, state'),
    slices: await list(
      `select h.amount as hold, s.position > 1 as second, g.kind, s.amount from credit_hold_slice s join credit_grant g using (grant_id)
         join credit_hold h using (hold_id) where s.workspace_id = $1 order by h.amount, s.position, g.kind, s.amount`,
    ),
    entries: await list(
      `select e.account, e.amount, e.balance_after, t.kind, l.text from ledger_unsealed u join ledger_entry e using (entry_id)
         join ledger_transaction t using (transaction_id) left join ledger_text l using (transaction_id) where u.workspace_id = $1 order by u.unsealed_id`,
    ),
    // Ids sort as the entries were written.
    history: await list(
      "select balance_after from ledger_entry where workspace_id = $1 and account = 'workspace' order by entry_id",
    ),
    ours: await list(
      `select e.account, sum(e.amount)::bigint as amount from ledger_entry e where e.workspace_id = $1 group by 1 order by 1`,
    ),
    paid: await list(
      'select g.kind, sum(c.amount)::bigint as amount from grant_consumption c join credit_grant g using (grant_id) where c.workspace_id = $1 group by 1 order by 1',
    ),
    members: await list('select held, spent from member_usage where workspace_id = $1'),
    keys: await list('select held, spent from api_key_usage where workspace_id = $1 order by held, spent'),
  };
}

const amounts = fc.integer({ min: 0, max: 9_000 });

test('submits in one call are decided and written as one after another', async ({ db }) => {
  const model = await aModel(db);
  const submits = fc.record({
    credits: fc.constantFrom(1, 12_000, 60_000, 1_000_000),
    budget: fc.constantFrom(null, null, 25_000),
    runningMax: fc.integer({ min: 1, max: 6 }),
    waitingMax: fc.constantFrom(3, 100),
    jobs: fc.array(
      fc.record({
        ceiling: amounts,
        withKey: fc.boolean(),
        idempotency: fc.constantFrom(null, null, 'a', 'b'),
        stranger: fc.integer({ min: 0, max: 15 }),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(submits, async ({ credits, budget, runningMax, waitingMax, jobs }) => {
      const pair = await twins(db, credits);
      const inputsOf = async (workspace: TestWorkspace): Promise<Submit[]> => {
        const key = await anApiKey(db, workspace, budget);
        return jobs.map(({ ceiling, withKey, idempotency, stranger }) =>
          aSubmit(workspace, model, {
            ceiling,
            surcharge: withKey ? Math.min(20, ceiling) : 0,
            api_key_id: withKey ? key : null,
            running_max: runningMax,
            waiting_max: waitingMax,
            idempotency: idempotency === null ? null : { key: idempotency, fingerprint: 'f' },
            ...(stranger === 0 && { user_id: `stranger-${randomUUID()}` }),
          }),
        );
      };
      const [batch, single] = [await inputsOf(pair[0]), await inputsOf(pair[1])];
      const answers = [
        await together<Record<string, unknown>>(db.app.pool, 'submit_generations', batch),
        await oneByOne<Record<string, unknown>>(db.app.pool, 'submit_generations', single),
      ];
      const comparable = (answer: Record<string, unknown>): unknown => {
        const response = answer['response'] as Record<string, unknown> | undefined;
        const { resets_at: _, ...rest } = answer;
        // A place in the queue counts the jobs of all tests.
        return response ? { ...rest, response: [response['status'], response['held_credits']] } : rest;
      };
      expect(answers[0]!.map(comparable)).toEqual(answers[1]!.map(comparable));
      expect(await moneyOf(db, pair[0])).toEqual(await moneyOf(db, pair[1]));
      expect(await brokenQueueRules(db, [pair[0].workspaceId])).toEqual([]);
    }),
    { numRuns: 25, seed: 20_261_127 },
  );
});

test('settlements in one call are written as one after another', async ({ db }) => {
  const ends = fc.array(
    fc.record({
      ceiling: fc.integer({ min: 1, max: 9_000 }),
      billed: amounts,
      outcome: fc.constantFrom('succeeded', 'succeeded', 'succeeded', 'failed', 'retry'),
      stale: fc.integer({ min: 0, max: 9 }),
    }),
    { minLength: 1, maxLength: 7 },
  );
  await fc.assert(
    fc.asyncProperty(ends, fc.constantFrom(null, 6_000), async (jobs, budget) => {
      const pair = await twins(db, 100_000);
      const model = await aModel(db);
      const worker = await aWorker(db, [model]);
      const inputs: Settle[][] = [];
      for (const workspace of pair) {
        const key = await anApiKey(db, workspace, null);
        await db.owner.pool.query(
          'update public.workspace_member set monthly_credit_budget = $2 where workspace_id = $1',
          [workspace.workspaceId, budget === null ? null : budget * 20],
        );
        const made: Settle[] = [];
        for (const { ceiling, billed, outcome, stale } of jobs) {
          const terms = { ceiling, api_key_id: key, surcharge: 1, running_max: 4 };
          const id = await aGeneration(db, workspace, model, terms);
          if ((await queueFacts(db, id)).status !== 'queued') continue;
          const claim = await aClaim(db, worker, [model], model);
          made.push(
            aSettle(claim, stale === 0 ? newId() : worker, {
              outcome: outcome as Settle['outcome'],
              billed,
              ...(outcome !== 'succeeded' && { error_code: 'engine_failed', images: [] }),
            }),
          );
        }
        // The same settlement twice: the second is stale.
        inputs.push([...made, ...made.slice(0, 1)]);
      }
      const answers = [
        await together(db.worker.pool, 'settle_generations', inputs[0]!),
        await oneByOne(db.worker.pool, 'settle_generations', inputs[1]!),
      ];
      expect(answers[0]).toEqual(answers[1]);
      expect(await moneyOf(db, pair[0])).toEqual(await moneyOf(db, pair[1]));
      expect(await brokenQueueRules(db, [pair[0].workspaceId])).toEqual([]);
      const alerts = 'select threshold from budget_alert where workspace_id = $1 order by 1';
      const [first, second] = await Promise.all(
        pair.map(async ({ workspaceId }) => (await db.owner.pool.query(alerts, [workspaceId])).rows),
      );
      expect(first).toEqual(second);
    }),
    { numRuns: 12, seed: 20_261_127 },
  );
});

test('claims in one call take what claims one after another take', async ({ db }) => {
  const plans = ['free', 'pro', 'studio', 'enterprise'] as const;
  const queues = fc.record({
    claims: fc.integer({ min: 1, max: 20 }),
    loaded: fc.constantFrom(0, 1, null),
    jobs: fc.array(
      fc.record({
        place: fc.nat(5),
        model: fc.nat(2),
        waitedMs: fc.integer({ min: 0, max: 300_000 }),
        bypassed: fc.constantFrom(0, 0, 0, 15, 19, 20),
      }),
      { minLength: 1, maxLength: 30 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(queues, async ({ claims, loaded, jobs }) => {
      const models = [await aModel(db), await aModel(db, { loadMs: 2_000 }), await aModel(db)];
      const places = await Promise.all(plans.concat('pro', 'studio').map((plan) => aWorkspace(db, { plan })));
      // Only the oldest of a lane can have been passed over.
      const lanes = new Set<string>();
      for (const { place, model, waitedMs, bypassed } of jobs.toSorted((a, b) => b.waitedMs - a.waitedMs)) {
        const lane = `${place} ${model}`;
        const id = await aGeneration(db, places[place]!, models[model]!, { running_max: 99, waiting_max: 99 });
        await db.owner.pool.query(
          "update public.ready set enqueued_at = enqueued_at - $2 * interval '1 millisecond', bypassed = $3 where generation_id = $1",
          [id, waitedMs, lanes.has(lane) ? 0 : bypassed],
        );
        lanes.add(lane);
      }
      const loadedModel = loaded === null ? null : models[loaded]!;
      const inputs: unknown[] = [];
      for (let n = 0; n < claims; n += 1)
        inputs.push({ worker_id: await aWorker(db, models), models, loaded_model: loadedModel, lease_s: 15 });
      // One transaction each, undone: the clock stands still in it, and both meet the same queue.
      const tried = async (call: typeof together): Promise<unknown[]> => {
        const client = await db.owner.pool.connect();
        try {
          await client.query('begin');
          const answers = await call<Claim | null>(client, 'claim_generations', inputs);
          const { rows } = await client.query(
            'select generation_id, bypassed from public.ready where model_id = any($1) order by 1',
            [models],
          );
          return [answers.map((claim) => claim?.generation_id ?? null), rows];
        } finally {
          await client.query('rollback');
          client.release();
        }
      };
      expect(await tried(together)).toEqual(await tried(oneByOne));
    }),
    { numRuns: 12, seed: 20_261_127 },
  );
});

test('a settlement that cannot be recorded fails alone; those that came with it are recorded', async ({ db }) => {
  const model = await aModel(db);
  const worker = await aWorker(db, [model]);
  const places = await Promise.all(Array.from({ length: 3 }, () => aWorkspace(db)));
  const settles: Settle[] = [];
  for (const place of places) {
    await aGeneration(db, place, model);
    settles.push(aSettle(await aClaim(db, worker, [model], model), worker));
  }
  const picture = settles[1]!.images[0]!;
  settles[1] = { ...settles[1]!, images: [picture, { ...picture, image_id: newId() }] };
  const ends = await Promise.allSettled(settles.map((settle) => settleGeneration(db.worker, settle)));
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const statuses = await Promise.all(
    settles.map(async ({ generation_id }) => (await queueFacts(db, generation_id)).status),
  );
  expect(statuses).toEqual(['succeeded', 'running', 'succeeded']);
  expect(
    await brokenQueueRules(
      db,
      places.map(({ workspaceId }) => workspaceId),
    ),
  ).toEqual([]);
});
