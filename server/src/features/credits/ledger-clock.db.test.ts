import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import { periodAt } from '@pingvas/domain';
import { test, type TestDatabase } from '#test/database.ts';
import { anchors } from '#test/ledger-history.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Runs `work` as the role of the hot paths in a session whose time zone has summer time, and rolls back. */
async function inSession<T>(
  db: TestDatabase,
  work: (query: (text: string, values?: unknown[]) => Promise<any[]>) => Promise<T>,
): Promise<T> {
  const client = await db.owner.pool.connect();
  try {
    await client.query("begin; set local role pingvas_queue; set local timezone to 'America/New_York'");
    return await work(async (text, values) => (await client.query(text, values)).rows);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

const instants = fc.oneof(
  fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2040-01-01') }),
  // Around each anchor, by years and the days at which months end.
  fc
    .tuple(
      fc.constantFrom(...anchors),
      fc.integer({ min: -1, max: 5 }),
      fc.integer({ min: -400, max: 400 }),
      fc.constantFrom(-1, 0, 1),
    )
    .map(([anchorMs, years, days, ms]) => anchorMs + years * 365 * dayMs + days * dayMs + ms),
);

test('the database and the domain count the same months, whatever the time zone of the session', async ({ db }) => {
  const pairs = fc.sample(fc.tuple(instants, instants), { numRuns: 5_000, seed: 27 });
  const rows = await inSession(db, (query) =>
    query(
      `select p.period_start, p.period_end
       from unnest($1::timestamptz[], $2::timestamptz[]) with ordinality as t (anchor, at, n), public.ledger_period(t.anchor, t.at) p order by t.n`,
      [pairs.map(([a]) => new Date(a)), pairs.map(([, b]) => new Date(b))],
    ),
  );
  const said = rows.map((row) => ({ startMs: row.period_start.getTime(), endMs: row.period_end.getTime() }));
  expect(said).toEqual(pairs.map(([anchorMs, atMs]) => periodAt(anchorMs, atMs)));
});

test(
  'each month has exactly one grant of the clock, however rarely or often anybody looks, also with clocks five minutes apart',
  { timeout: 120_000 },
  async ({ db }) => {
    const visits = fc.record({
      anchorMs: fc.constantFrom(...anchors),
      // Distance from a month's start, in months and milliseconds: mostly around the boundary, where clocks disagree.
      at: fc.array(
        fc.tuple(
          fc.integer({ min: 1, max: 30 }),
          fc.oneof(fc.integer({ min: -5 * minuteMs, max: 5 * minuteMs }), fc.integer({ min: 0, max: 27 * dayMs })),
        ),
        { minLength: 1, maxLength: 12 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(visits, ({ anchorMs, at }) =>
        inSession(db, async (query) => {
          const starts = [anchorMs];
          for (let n = 0; n < 40; n += 1) starts.push(periodAt(anchorMs, starts.at(-1)!).endMs);
          const workspaceId = randomUUID();
          const anchor = new Date(anchorMs);
          await query("select public.create_workspace($1, 'team', 'test', 'someone', $2)", [workspaceId, anchor]);
          await query("select public.set_plan($1, 'free', 1000, 1000, 'start', $2)", [workspaceId, anchor]);
          // Months in order, instants within a month in any order: two processes disagree by minutes, not by months.
          const nows = at.sort(([a], [b]) => a - b).map(([month, ms]) => starts[month]! + ms);
          for (const nowMs of nows) await query('select public.ledger_advance($1, $2)', [workspaceId, new Date(nowMs)]);
          const reached = starts.filter((startMs) => startMs > anchorMs && startMs <= Math.max(...nows));
          const grants = await query(
            "select effective_at from public.credit_grant where workspace_id = $1 and kind = 'plan' order by effective_at",
            [workspaceId],
          );
          expect(grants.map((row) => row.effective_at.getTime())).toEqual([anchorMs, ...reached]);
          const [account] = await query(
            'select balance, period_start from public.credit_account where workspace_id = $1',
            [workspaceId],
          );
          expect(account).toEqual({ balance: 1_000, period_start: new Date([anchorMs, ...reached].at(-1)!) });
        }),
      ),
      { numRuns: 60, seed: 27 },
    );
  },
);

test('four chores at once bring every due account to the present once', async ({ db }) => {
  const start = new Date(Date.now() - 40 * dayMs);
  const ids = Array.from({ length: 40 }, () => randomUUID());
  for (const id of ids) {
    await db.owner.pool.query("select public.create_workspace($1, 'team', 'test', 'someone', $2)", [id, start]);
    await db.owner.pool.query("select public.set_plan($1, 'free', 1000, 1000, 'start', $2)", [id, start]);
  }
  const chore = async (): Promise<void> => {
    const { rows } = await db.app.pool.query('select public.ledger_expire_due(7) as n');
    if (rows[0].n > 0) await chore();
  };
  await Promise.all([chore(), chore(), chore(), chore()]);
  const { rows } = await db.owner.pool.query(
    `select a.balance, (select count(*)::int from public.ledger_transaction t where t.workspace_id = a.workspace_id and t.reference like 'clock:%') as grants
     from public.credit_account a where a.workspace_id = any($1)`,
    [ids],
  );
  expect(rows).toEqual(ids.map(() => ({ balance: 1_000, grants: 1 })));
});
