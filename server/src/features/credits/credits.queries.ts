import { sql } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import type { Database } from '#platform/db/database.ts';
import type { TenantQuery } from '#platform/db/tenant.ts';

/** The account with its live grants in burn order, in one statement, so that all amounts are of one instant. Milli-credits. */
export const selectAccount = (query: TenantQuery, workspaceId: string) =>
  query
    .selectFrom('credit_account as a')
    .innerJoin('workspace as w', 'w.workspace_id', 'a.workspace_id')
    .select((eb) => [
      'w.plan',
      'a.held',
      'a.used_in_period',
      'a.api_calls_in_period',
      'a.storage_bytes',
      'a.period_start',
      'a.period_end',
      sql<boolean>`a.next_due_at <= now()`.as('is_due'),
      jsonArrayFrom(
        eb
          .selectFrom('credit_grant as g')
          .select(['g.grant_id', 'g.kind', 'g.granted', 'g.remaining', 'g.reserved', 'g.expires_at'])
          .select(sql<boolean>`g.frozen_at is null and (g.expires_at is null or g.expires_at > now())`.as('is_live'))
          .whereRef('g.workspace_id', '=', 'a.workspace_id')
          .where('g.kind', '<>', 'contract')
          .where('g.remaining', '>', 0)
          .where('g.effective_at', '<=', sql<Date>`now()`)
          .orderBy('g.priority')
          .orderBy('g.expires_at')
          .orderBy('g.created_at')
          .orderBy('g.grant_id'),
      ).as('grants'),
    ])
    .where('a.workspace_id', '=', workspaceId);

/** Posts what is due in this workspace. Its own statement: what it changed is seen by the next one. */
export const callCatchUp = (query: TenantQuery, workspaceId: string) =>
  query.selectNoFrom(sql<boolean>`public.ledger_catch_up(${workspaceId})`.as('done'));

const selectEntries = (query: TenantQuery, workspaceId: string) =>
  query
    .selectFrom('ledger_entry as e')
    .innerJoin('ledger_transaction as t', 't.transaction_id', 'e.transaction_id')
    .leftJoin('ledger_text as x', (join) =>
      join.onRef('x.workspace_id', '=', 't.workspace_id').onRef('x.transaction_id', '=', 't.transaction_id'),
    )
    .leftJoin('ledger_seal as s', (join) =>
      join.onRef('s.workspace_id', '=', 'e.workspace_id').onRef('s.entry_id', '=', 'e.entry_id'),
    )
    .select([
      'e.entry_id',
      't.kind',
      'e.amount',
      'e.balance_after',
      't.generation_id',
      't.order_id',
      'x.text as reason',
      'e.created_at',
      's.hash',
    ])
    .where('e.workspace_id', '=', workspaceId)
    .where('e.account', '=', 'workspace');

/** The workspace's side of its ledger, newest first, one row more than asked so that the caller sees whether there is a next page. */
export const selectHistory = (
  query: TenantQuery,
  workspaceId: string,
  page: { limit: number; before: string | undefined },
) =>
  selectEntries(query, workspaceId)
    .$if(page.before !== undefined, (older) => older.where('e.entry_id', '<', page.before ?? ''))
    .orderBy('e.entry_id', 'desc')
    .limit(page.limit + 1);

/** What one generation did to the balance, oldest first. */
export const selectGenerationEntries = (query: TenantQuery, workspaceId: string, generationId: string) =>
  selectEntries(query, workspaceId)
    .where('t.workspace_id', '=', workspaceId)
    .where('t.generation_id', '=', generationId)
    .orderBy('e.entry_id');

/** Which grants paid for one generation, first payer first; what was refunded to a grant is subtracted. */
export const selectPayers = (query: TenantQuery, workspaceId: string, generationId: string) =>
  query
    .selectFrom('ledger_transaction as t')
    .innerJoin('ledger_entry as e', 'e.transaction_id', 't.transaction_id')
    .innerJoin('grant_consumption as c', 'c.entry_id', 'e.entry_id')
    .innerJoin('credit_grant as g', 'g.grant_id', 'c.grant_id')
    .select(['g.grant_id', 'g.kind', sql<number>`sum(c.amount)::bigint`.as('amount')])
    .where('t.workspace_id', '=', workspaceId)
    .where('t.generation_id', '=', generationId)
    .groupBy(['g.grant_id', 'g.kind', 'g.priority', 'g.expires_at', 'g.created_at'])
    .having(sql<boolean>`sum(c.amount) <> 0`)
    .orderBy('g.priority')
    .orderBy('g.expires_at')
    .orderBy('g.created_at')
    .orderBy('g.grant_id');

/** Calls `grant_credits`; needs the operator's login. Returns the grant's id. */
export async function callGrantCredits(
  adminDb: Database,
  grant: {
    workspaceId: string;
    kind: string;
    amount: number;
    reference: string;
    reason: string;
    expiresAt: Date | null;
  },
): Promise<string> {
  const { workspaceId, kind, amount, reference, reason, expiresAt } = grant;
  const { rows } = await sql<{
    grant_id: string;
  }>`select public.grant_credits(${workspaceId}, ${kind}, ${amount}, ${reference}, ${reason}, ${expiresAt}) as grant_id`.execute(
    adminDb.kysely,
  );
  const [row] = rows;
  if (!row) throw new Error('grant_credits answered nothing');
  return row.grant_id;
}
