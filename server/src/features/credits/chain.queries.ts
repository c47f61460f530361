import { type Expression, sql } from 'kysely';
import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/postgres';
import type { TenantQuery } from '#platform/db/tenant.ts';

/** An instant as the chain writes it: UTC with the microseconds that a `Date` would lose. */
const instant = (at: Expression<Date | null>) =>
  sql<string>`to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Which entries, in which order; `hash` and `text_sha256` of those that are sealed. */
type Page = { at: number; entry_id: string; hash: string | null; text_sha256: string | null };

/**
 * The entries of a page with everything the chain vouches for, as it lies in the tables. Page first, then one look-up per row and table: a join over
 * the workspace is quadratic whenever the planner does not know yet how many entries there are.
 */
const selectFacts = (query: TenantQuery, page: Expression<Page>) =>
  query
    .with(
      (cte) => cte('page').materialized(),
      () => page,
    )
    .selectFrom('page')
    .innerJoinLateral(
      (eb) => eb.selectFrom('ledger_entry').selectAll().whereRef('entry_id', '=', 'page.entry_id').limit(1).as('e'),
      (join) => join.onTrue(),
    )
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('ledger_transaction')
          .selectAll()
          .whereRef('transaction_id', '=', 'e.transaction_id')
          .limit(1)
          .as('t'),
      (join) => join.onTrue(),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('ledger_text')
          .selectAll()
          .whereRef('workspace_id', '=', 'e.workspace_id')
          .whereRef('transaction_id', '=', 'e.transaction_id')
          .limit(1)
          .as('x'),
      (join) => join.onTrue(),
    )
    .orderBy('page.at')
    .select((eb) => [
      'page.at',
      'page.hash',
      'page.text_sha256',
      'e.entry_id',
      'e.transaction_id',
      't.kind',
      'e.amount',
      'e.balance_after',
      't.reference',
      't.generation_id',
      't.order_id',
      't.hold_id',
      instant(eb.ref('e.created_at')).as('created_at'),
      'x.salt',
      'x.text',
      jsonArrayFrom(
        eb
          .selectFrom('ledger_entry as p')
          .select(['p.entry_id', 'p.account', 'p.amount as amount_milli'])
          .whereRef('p.transaction_id', '=', 'e.transaction_id')
          .orderBy('p.entry_id'),
      ).as('postings'),
      jsonArrayFrom(
        eb
          .selectFrom('grant_consumption as c')
          .select(['c.grant_id', 'c.amount as amount_milli'])
          .whereRef('c.entry_id', '=', 'e.entry_id')
          .orderBy('c.grant_id'),
      ).as('consumed'),
      jsonObjectFrom(
        eb
          .selectFrom('credit_grant as g')
          .select((grant) => [
            'g.grant_id',
            'g.kind',
            'g.granted as granted_milli',
            instant(grant.ref('g.effective_at')).as('effective_at'),
            instant(grant.ref('g.expires_at')).as('expires_at'),
          ])
          // A grant has the id of the transaction that issued it.
          .whereRef('g.grant_id', '=', 'e.transaction_id'),
      ).as('issued'),
    ]);

/** Entries that wait for their seal, in the order in which they were written, each with the head of the chain (null: empty) they come after. */
export const selectUnsealed = (query: TenantQuery, workspaceId: string, limit: number) =>
  selectFacts(
    query,
    query
      .selectFrom('ledger_unsealed as u')
      .select(['u.unsealed_id as at', 'u.entry_id', sql<null>`null`.as('hash'), sql<null>`null`.as('text_sha256')])
      .where('u.workspace_id', '=', workspaceId)
      .orderBy('u.unsealed_id')
      .limit(limit),
  ).select((eb) =>
    jsonObjectFrom(
      eb
        .selectFrom('ledger_seal as s')
        .select(['s.seq', 's.hash'])
        .where('s.workspace_id', '=', workspaceId)
        .orderBy('s.seq', 'desc')
        .limit(1),
    ).as('head'),
  );

/** Sealed entries after `afterSeq` up to `lastSeq`, as the tables have them now, with their seals; `at` is their `seq`. */
export const selectSealed = (
  query: TenantQuery,
  workspaceId: string,
  page: { afterSeq: number; lastSeq: number; limit: number },
) =>
  selectFacts(
    query,
    query
      .selectFrom('ledger_seal as s')
      .select(['s.seq as at', 's.entry_id', 's.hash', 's.text_sha256'])
      .where('s.workspace_id', '=', workspaceId)
      .where('s.seq', '>', page.afterSeq)
      .where('s.seq', '<=', page.lastSeq)
      .orderBy('s.seq')
      .limit(page.limit),
  ).$narrowType<{ hash: string }>();

/** The end of the chain with the balance there, and where it stood when days were closed. No row when nothing was sealed yet. */
export const selectHead = (query: TenantQuery, workspaceId: string) =>
  query
    .selectFrom('ledger_seal as s')
    .innerJoin('ledger_entry as e', 'e.entry_id', 's.entry_id')
    .select((eb) => [
      's.seq',
      's.hash',
      'e.balance_after',
      jsonArrayFrom(
        eb
          .selectFrom('ledger_day_leaf as l')
          .innerJoin('ledger_day as d', 'd.day', 'l.day')
          .select([sql<string>`l.day::text`.as('day'), 'l.seq', 'l.salt'])
          .where('l.workspace_id', '=', workspaceId)
          .orderBy('l.day'),
      ).as('days'),
    ])
    .where('s.workspace_id', '=', workspaceId)
    .orderBy('s.seq', 'desc')
    .limit(1);

/** Calls `ledger_append_seals`; `seals` are in order and come after `previous`. */
export const callAppendSeals = (
  query: TenantQuery,
  workspaceId: string,
  previous: string | null,
  seals: readonly { seq: number; entry_id: string; text_sha256: string | null; hash: string }[],
) =>
  query.selectNoFrom(
    sql<boolean>`public.ledger_append_seals(${workspaceId}, ${previous}, ${JSON.stringify(seals)})`.as('appended'),
  );
