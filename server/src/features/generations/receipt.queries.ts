import { sql } from 'kysely';
import type { TenantQuery } from '#platform/db/tenant.ts';

export type ReceiptRow = {
  expected: number;
  ceiling: number;
  surcharge: number;
  charged: number | null;
  recipe_sha256: string | null;
  /** What was reserved at submit, milli-credits. */
  hold_amount: number | null;
  hold_state: string | null;
  attempts: {
    number: number;
    worker: string;
    device: string;
    outcome: string | null;
    load_us: number;
    encode_us: number;
    denoise_us: number;
    decode_us: number;
    upload_us: number;
    billed: number;
    why: string;
  }[];
  entries: {
    entry_id: string;
    kind: string;
    amount: number;
    balance_after: number;
    reason: string;
    created_at: string;
  }[];
  paid_from: { grant_id: string; kind: string; amount: number }[];
};

/** All of a receipt in one statement, so that it is one instant's truth. */
export const selectReceipt = (query: TenantQuery, workspaceId: string, jobId: string) =>
  query
    .selectFrom('generation as g')
    .leftJoin('credit_hold as h', (join) =>
      join.onRef('h.hold_id', '=', 'g.generation_id').onRef('h.workspace_id', '=', 'g.workspace_id'),
    )
    .select([
      'g.expected',
      'g.ceiling',
      'g.surcharge',
      'g.charged',
      'g.recipe_sha256',
      'h.amount as hold_amount',
      'h.state as hold_state',
      sql`(
        select coalesce(jsonb_agg(jsonb_build_object(
          'number', a.number, 'worker', a.worker_name, 'device', a.device, 'outcome', a.outcome, 'load_us', a.load_us, 'encode_us', a.encode_us,
          'denoise_us', a.denoise_us, 'decode_us', a.decode_us, 'upload_us', a.upload_us, 'billed', a.billed, 'why', a.why) order by a.number), '[]')
        from generation_attempt a where a.generation_id = g.generation_id)`.as('attempts'),
      sql`(
        select coalesce(jsonb_agg(jsonb_build_object(
          'entry_id', e.entry_id, 'kind', t.kind, 'amount', e.amount, 'balance_after', e.balance_after, 'reason', t.reason,
          'created_at', e.created_at) order by e.entry_id), '[]')
        from ledger_transaction t join ledger_entry e on e.transaction_id = t.transaction_id and e.account = 'workspace'
        where t.workspace_id = g.workspace_id and t.generation_id = g.generation_id)`.as('entries'),
      sql`(
        select coalesce(jsonb_agg(jsonb_build_object('grant_id', p.grant_id, 'kind', p.kind, 'amount', p.amount) order by p.priority, p.grant_id), '[]')
        from (
          select c.grant_id, r.kind, r.priority, sum(c.amount) as amount
          from ledger_transaction t
          join ledger_entry e on e.transaction_id = t.transaction_id
          join grant_consumption c on c.entry_id = e.entry_id
          join credit_grant r on r.grant_id = c.grant_id
          where t.workspace_id = g.workspace_id and t.generation_id = g.generation_id
          group by c.grant_id, r.kind, r.priority having sum(c.amount) <> 0) p)`.as('paid_from'),
    ])
    .where('g.workspace_id', '=', workspaceId)
    .where('g.generation_id', '=', jobId)
    .$castTo<ReceiptRow>();
