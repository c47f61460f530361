import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { expect } from 'vitest';
import { availableOf, balanceOf, changePlan, type CreditState, heldOf, openCredits } from '@pingvas/domain';
import type { TestDatabase } from '#test/database.ts';
import { historyOf, type Moment, play } from '#test/ledger-history.ts';

const snapshotSql = `
  select a.balance, a.held, a.used_in_period, a.clock_grant, a.period_start, a.period_end, a.next_due_at,
    (select coalesce(sum(e.amount), 0)::bigint from public.ledger_entry e where e.workspace_id = $1 and e.account = 'workspace') as entries,
    (select coalesce(sum(h.amount), 0)::bigint from public.credit_hold h where h.workspace_id = $1 and h.state = 'open') as open_holds,
    (select coalesce(json_agg(json_build_array(g.granted, g.remaining, g.reserved) order by g.grant_id), '[]')
     from public.credit_grant g where g.workspace_id = $1 and g.kind <> 'contract') as grants
  from public.credit_account a where a.workspace_id = $1`;

const snapshotOf = (state: CreditState): object => ({
  balance: balanceOf(state),
  held: heldOf(state),
  used_in_period: state.usedInPeriod,
  clock_grant: state.clockGrant,
  period_start: new Date(state.period.startMs),
  period_end: new Date(state.period.endMs),
  entries: balanceOf(state),
  open_holds: heldOf(state),
  grants: state.grants.filter((g) => g.kind !== 'contract').map((g) => [g.granted, g.remaining, g.reserved]),
});

const historySql = `
  select t.kind, t.reference, t.generation_id, t.hold_id,
    (select json_agg(json_build_array(e.account, e.amount) order by e.account, e.amount)
     from public.ledger_entry e where e.transaction_id = t.transaction_id) as entries,
    (select max(e.balance_after) from public.ledger_entry e where e.transaction_id = t.transaction_id) as balance_after,
    (select json_agg(json_build_array(g.no, c.amount) order by g.no)
     from public.ledger_entry e join public.grant_consumption c using (entry_id)
     join (select grant_id, row_number() over (order by grant_id) - 1 as no from public.credit_grant where workspace_id = $1) g using (grant_id)
     where e.transaction_id = t.transaction_id) as consumption
  from public.ledger_transaction t where t.workspace_id = $1 order by t.transaction_id`;

function postingsOf(state: CreditState): object[] {
  let balance = 0;
  return state.postings.map((posting) => {
    balance += posting.amount;
    const sides: [string, number][] = [
      ['workspace', posting.amount],
      [posting.contra, posting.overrun - posting.amount],
      ['adjustment', -posting.overrun],
    ];
    const entries = sides
      .filter(([, amount]) => amount !== 0)
      .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x - y));
    const consumption = posting.consumption.map((part) => [part.grant, part.amount]).sort(([a], [b]) => a! - b!);
    return {
      kind: posting.kind,
      reference: posting.reference,
      generation_id: posting.generationId,
      hold_id: posting.holdId,
      entries: entries.length > 0 ? entries : null,
      balance_after: posting.amount === 0 ? null : balance,
      consumption: consumption.length > 0 ? consumption : null,
    };
  });
}

export type LedgerComparison = {
  db: TestDatabase;
  /** Random histories, and happenings in each. */
  histories: number;
  happenings: number;
  seed: number;
  timeLimitMs: number;
};

/**
 * Lets the ledger's SQL and its model walk through the same random histories and compares them after every command. Each history runs in one transaction
 * on one connection, as the role of the hot paths, calls and snapshots pipelined, and is rolled back. Returns how often each thing happened.
 */
export async function compareLedgers({
  db,
  histories,
  happenings: length,
  seed,
  timeLimitMs,
}: LedgerComparison): Promise<Record<string, number>> {
  const seen = new Map<string, number>();
  const client = await db.owner.pool.connect();
  try {
    await fc.assert(
      fc.asyncProperty(historyOf(length), async ({ anchorMs, clockGrant, happenings }) => {
        const workspaceId = randomUUID();
        const first = { unlimited: false, clockGrant, grant: 3_000, reference: 'start' };
        const start = changePlan(openCredits(anchorMs), first, anchorMs).state;
        const moments = play(start, anchorMs, happenings);
        await client.query('begin');
        try {
          await client.query('set local role pingvas_queue; set constraints all immediate');
          const anchor = new Date(anchorMs);
          await client.query("select public.create_workspace($1, 'team', 'test', 'someone', $2)", [
            workspaceId,
            anchor,
          ]);
          await client.query("select public.set_plan($1, 'free', $2, 3000, 'start', $3)", [
            workspaceId,
            clockGrant,
            anchor,
          ]);
          await compare(client, workspaceId, moments, seen);
        } finally {
          await client.query('rollback');
        }
      }),
      {
        numRuns: histories,
        seed,
        endOnFailure: false,
        interruptAfterTimeLimit: timeLimitMs,
        markInterruptAsFailure: true,
      },
    );
  } finally {
    client.release();
  }
  return Object.fromEntries(seen);
}

async function compare(
  client: pg.PoolClient,
  workspaceId: string,
  moments: ReturnType<typeof play>,
  seen: Map<string, number>,
): Promise<void> {
  const said = await Promise.all(
    moments.map(async ({ command, nowMs }) => {
      const [answer, snapshot] = await Promise.all([
        client.query({
          name: command.sql.slice(7, 60),
          text: command.sql,
          values: command.values(workspaceId, new Date(nowMs)),
        }),
        client.query({ name: 'snapshot', text: snapshotSql, values: [workspaceId] }),
      ]);
      return { answer: answer.rows[0].answer as unknown, snapshot: snapshot.rows[0] };
    }),
  );
  const grants = new Map<string, unknown>();
  for (const [index, { command, expected, nowMs }] of moments.entries()) {
    const { answer, snapshot } = said[index]!;
    const where = story(moments, index);
    const { next_due_at: nextDueAt, ...amounts } = snapshot;
    expect(amounts, where).toEqual(snapshotOf(expected.state));
    expect(amounts.balance, where).toBeGreaterThanOrEqual(amounts.held);
    expect(amounts.held, where).toBeGreaterThanOrEqual(0);
    if (command.compared) expect(answer, where).toBe(expected.amount);
    if (command.name.startsWith('grant')) {
      // The same grant answers every repetition.
      expect(grants.get(command.name) ?? answer, where).toBe(answer);
      grants.set(command.name, answer);
    }
    // Nothing may become due without the account knowing of it.
    const due = expected.state.grants.filter((g) => g.remaining > 0 && g.expiresMs !== null && g.expiresMs > nowMs);
    expect(nextDueAt.getTime(), where).toBeLessThanOrEqual(
      Math.min(expected.state.period.endMs, ...due.map((g) => g.expiresMs!)),
    );
    expect(nextDueAt.getTime(), where).toBeGreaterThan(nowMs);
    expect(availableOf(expected.state, nowMs), where).toBeLessThanOrEqual(amounts.balance - amounts.held);
    count(seen, expected.amount === -1 ? 'refused' : command.name.split(' ')[0]!);
  }
  // Entries are append only: what does not sum to zero or repeats a reference at any point still does so at the end.
  const end = moments.at(-1)!.expected.state;
  const { rows } = await client.query({ name: 'history', text: historySql, values: [workspaceId] });
  expect(rows, story(moments, moments.length - 1)).toEqual(postingsOf(end));
  for (const { entries } of rows)
    expect((entries ?? []).reduce((total: number, [, amount]: [string, number]) => total + amount, 0)).toBe(0);
  expect(new Set(rows.map(({ reference }) => reference)).size).toBe(rows.length);
  for (const posting of end.postings) {
    count(seen, posting.reference.split(':')[0]!);
    if (posting.overrun > 0) count(seen, 'overrun');
  }
}

const count = (seen: Map<string, number>, what: string): unknown => seen.set(what, (seen.get(what) ?? 0) + 1);

const story = (moments: readonly Moment[], last: number): string =>
  moments
    .slice(Math.max(0, last - 12), last + 1)
    .map(({ nowMs, command }) => `${new Date(nowMs).toISOString()} ${command.name}`)
    .join('\n');
