import { receiptLines, toCredits } from '@pingvas/domain';
import type { Actor } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import type { GenerationsDeps } from './generations.deps.ts';
import type { ReceiptView } from './generations.schemas.ts';
import { findJob } from './get-job.ts';
import { type ReceiptRow, selectReceipt } from './receipt.queries.ts';

/** What a job was quoted, tried, charged and paid from. Throws `not_found`. */
export async function getReceipt(deps: Pick<GenerationsDeps, 'db'>, actor: Actor, jobId: string): Promise<ReceiptView> {
  const { workspace_id: workspaceId } = await findJob(deps, actor, jobId);
  const [row] = await readTenant(deps.db, workspaceId, (query) => selectReceipt(query, workspaceId, jobId));
  if (!row) throw new AppError('not_found');
  return receiptView(jobId, row);
}

function receiptView(jobId: string, row: ReceiptRow): ReceiptView {
  const charged = row.charged ?? 0;
  return {
    job_id: jobId,
    quote: { expected: toCredits(row.expected), ceiling: toCredits(row.ceiling) },
    attempts: row.attempts.map((attempt) => ({
      number: attempt.number,
      worker: attempt.worker,
      device: attempt.device,
      outcome: attempt.outcome,
      load_ms: attempt.load_us / 1_000,
      encode_ms: attempt.encode_us / 1_000,
      denoise_ms: attempt.denoise_us / 1_000,
      decode_ms: attempt.decode_us / 1_000,
      upload_ms: attempt.upload_us / 1_000,
      gpu_ms: (attempt.encode_us + attempt.denoise_us + attempt.decode_us) / 1_000,
      // One millisecond is one milli-credit.
      billed_ms: attempt.billed,
      why: attempt.why,
    })),
    lines: receiptLines(charged, row.surcharge).map((line) => ({
      item: line.item,
      quantity: line.quantity,
      credits: toCredits(line.milli),
    })),
    charged_credits: toCredits(charged),
    paid_from: row.paid_from.map((grant) => ({
      grant_id: grant.grant_id,
      kind: grant.kind,
      credits: toCredits(grant.amount),
    })),
    released_credits: toCredits(
      row.hold_state === null || row.hold_state === 'open' ? 0 : Math.max(0, (row.hold_amount ?? 0) - charged),
    ),
    entries: row.entries.map((entry) => ({
      entry_id: entry.entry_id,
      kind: entry.kind,
      credits: toCredits(entry.amount),
      balance_after: toCredits(entry.balance_after),
      reason: entry.reason,
      created_at: new Date(entry.created_at).toISOString(),
    })),
    recipe_sha256: row.recipe_sha256,
  };
}
