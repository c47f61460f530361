import { sql } from 'kysely';
import type { TestDatabase } from '#test/database.ts';

/**
 * What must hold between any two transactions of the queue. Returns a line for every broken rule of these workspaces (none = all hold).
 * Expects that every job with a key carries a surcharge.
 */
export async function brokenQueueRules(db: TestDatabase, workspaceIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ rule: string; workspace_id: string; has: string; wants: string }>`
    with a as (select * from public.credit_account where workspace_id = any(${workspaceIds}::uuid[])),
    g as (select * from public.generation where workspace_id = any(${workspaceIds}::uuid[])),
    open as (select * from g where status in ('backlogged', 'queued', 'running')),
    seen(rule, workspace_id, has, wants) as (
      select 'active_jobs', workspace_id, active_jobs, (select count(*) from open where open.workspace_id = a.workspace_id and status <> 'backlogged') from a
      union all
      select 'backlogged_jobs', workspace_id, backlogged_jobs, (select count(*) from g where g.workspace_id = a.workspace_id and status = 'backlogged') from a
      union all
      select 'no more active than the limit', workspace_id, greatest(active_jobs, running_max), running_max from a
      union all
      select 'a free place is used', workspace_id, least(backlogged_jobs, greatest(0, running_max - active_jobs)), 0 from a
      union all
      select 'ready = queued', workspace_id, (select count(*) from public.ready r join g using (generation_id) where r.workspace_id = a.workspace_id and g.status = 'queued'),
        greatest((select count(*) from public.ready r where r.workspace_id = a.workspace_id), (select count(*) from g where g.workspace_id = a.workspace_id and status = 'queued')) from a
      union all
      select 'running = running', workspace_id,
        (select count(*) from public.running r join g using (generation_id) where r.workspace_id = a.workspace_id and g.status = 'running' and g.attempt = r.attempt),
        greatest((select count(*) from public.running r where r.workspace_id = a.workspace_id), (select count(*) from g where g.workspace_id = a.workspace_id and status = 'running')) from a
      union all
      select 'held = open holds', workspace_id, held, (select coalesce(sum(amount), 0) from public.credit_hold h where h.workspace_id = a.workspace_id and h.state = 'open') from a
      union all
      select 'held = held of open jobs', workspace_id, held, (select coalesce(sum(open.held), 0) from open where open.workspace_id = a.workspace_id) from a
      union all
      select 'a hold per open job', workspace_id, (select count(*) from public.credit_hold h where h.workspace_id = a.workspace_id and h.state = 'open'),
        (select count(*) from open where open.workspace_id = a.workspace_id and requeue_of is null) from a
      union all
      select 'balance = entries', workspace_id, balance, (select coalesce(sum(amount), 0) from public.ledger_entry e where e.workspace_id = a.workspace_id and account = 'workspace') from a
      union all
      select 'captured = charged', workspace_id,
        (select coalesce(-sum(e.amount), 0) from public.ledger_entry e join public.ledger_transaction t using (transaction_id)
          where e.workspace_id = a.workspace_id and account = 'workspace' and t.kind = 'capture'),
        (select coalesce(sum(charged), 0) from g where g.workspace_id = a.workspace_id) from a
      union all
      select 'storage', workspace_id, storage_bytes, (select coalesce(sum(size_bytes), 0) from public.image i where i.workspace_id = a.workspace_id) from a
      union all
      select 'api calls', workspace_id, api_calls_in_period,
        (select count(*) from g where g.workspace_id = a.workspace_id and api_key_id is not null and (finished_at is null or charged > 0)) from a
      union all
      select 'key held', workspace_id, (select coalesce(sum(u.held), 0) from public.api_key_usage u where u.workspace_id = a.workspace_id),
        (select coalesce(sum(ceiling), 0) from open where open.workspace_id = a.workspace_id and api_key_id is not null) from a
      union all
      select 'key spent', workspace_id, (select coalesce(sum(u.spent), 0) from public.api_key_usage u where u.workspace_id = a.workspace_id),
        (select coalesce(sum(charged), 0) from g where g.workspace_id = a.workspace_id and api_key_id is not null) from a
      union all
      select 'members held', workspace_id, (select coalesce(sum(u.held), 0) from public.member_usage u where u.workspace_id = a.workspace_id),
        (select coalesce(sum(ceiling), 0) from open where open.workspace_id = a.workspace_id and requeue_of is null) from a
      union all
      select 'members spent', workspace_id, (select coalesce(sum(u.spent), 0) from public.member_usage u where u.workspace_id = a.workspace_id),
        (select coalesce(sum(charged), 0) from g where g.workspace_id = a.workspace_id and requeue_of is null) from a
      union all
      select 'attempts are numbered', workspace_id, (select count(*) from public.generation_attempt t where t.workspace_id = a.workspace_id),
        (select coalesce(sum(attempt), 0) from g where g.workspace_id = a.workspace_id) from a
      union all
      select 'an attempt ends with its run', workspace_id, (select count(*) from public.generation_attempt t where t.workspace_id = a.workspace_id and outcome is null),
        (select count(*) from g where g.workspace_id = a.workspace_id and status = 'running') from a
      union all
      select 'pictures only of what was charged for', workspace_id,
        (select count(*) from public.image i join g using (generation_id) where i.workspace_id = a.workspace_id and g.status not in ('succeeded', 'cancelled')), 0 from a
    )
    select rule, workspace_id, has::text, wants::text from seen where has is distinct from wants`.execute(
    db.owner.kysely,
  );
  return rows.map((row) => `${row.rule}: ${row.has} instead of ${row.wants} (${row.workspace_id})`);
}

export type QueueFacts = {
  status: string;
  attempt: number;
  attempts_counted: number;
  held: number;
  charged: number | null;
  error_code: string | null;
  version: number;
  outcomes: (string | null)[];
};

/** One job's facts and the outcomes of its attempts. */
export async function queueFacts(db: TestDatabase, generationId: string): Promise<QueueFacts> {
  const { rows } = await db.owner.pool.query<QueueFacts>(
    `select status, attempt, attempts_counted, held, charged, error_code, version,
       array(select t.outcome from public.generation_attempt t where t.generation_id = g.generation_id order by t.number) as outcomes
     from public.generation g where generation_id = $1`,
    [generationId],
  );
  return rows[0]!;
}

export type AccountFacts = {
  balance: number;
  held: number;
  active_jobs: number;
  backlogged_jobs: number;
  api_calls_in_period: number;
  storage_bytes: number;
  recent_gpu_ms: number;
};

/** The account's counters. */
export async function accountFacts(db: TestDatabase, workspaceId: string): Promise<AccountFacts> {
  const { rows } = await db.owner.pool.query<AccountFacts>(
    'select balance, held, active_jobs, backlogged_jobs, api_calls_in_period, storage_bytes, recent_gpu_ms from public.credit_account where workspace_id = $1',
    [workspaceId],
  );
  return rows[0]!;
}

/** The lease of a running job ran out a second ago. */
export async function loseLease(db: TestDatabase, generationId: string): Promise<void> {
  await db.owner.pool.query(
    "update public.running set lease_until = now() - interval '1 second' where generation_id = $1",
    [generationId],
  );
}

/** A ready job has been waiting for this long. */
export async function letWait(db: TestDatabase, generationId: string, waitedMs: number): Promise<void> {
  await db.owner.pool.query(
    "update public.ready set enqueued_at = now() - $2 * interval '1 millisecond' where generation_id = $1",
    [generationId, waitedMs],
  );
}
