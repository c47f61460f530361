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
};

/** What a receipt says of the job itself and of each attempt. */
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
    ])
    .where('g.workspace_id', '=', workspaceId)
    .where('g.generation_id', '=', jobId)
    .$castTo<ReceiptRow>();
