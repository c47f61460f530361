import { receiptLines, toCredits } from '@pingvas/domain';
import { paidFrom } from '#features/credits/index.ts';
import type { Actor } from '#platform/actor.ts';
import { withTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import type { GenerationsDeps } from './generations.deps.ts';
import type { ReceiptView } from './generations.schemas.ts';
import { findJob } from './get-job.ts';
import { type ReceiptRow, selectReceipt } from './receipt.queries.ts';

/** What a job was quoted, tried, charged and paid from. Throws `not_found`. */
export async function getReceipt(deps: Pick<GenerationsDeps, 'db'>, actor: Actor, jobId: string): Promise<ReceiptView> {
  const { workspace_id: workspaceId } = await findJob(deps, actor, jobId);
  return withTenant(deps.db, workspaceId, async (tx) => {
    const row = await selectReceipt(tx, workspaceId, jobId).executeTakeFirst();
    if (!row) throw new AppError('not_found');
    return { ...jobPart(jobId, row), ...(await paidFrom(tx, workspaceId, jobId)) };
  });
}

function jobPart(jobId: string, row: ReceiptRow): Omit<ReceiptView, 'paid_from' | 'entries'> {
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
    released_credits: toCredits(
      row.hold_state === null || row.hold_state === 'open' ? 0 : Math.max(0, (row.hold_amount ?? 0) - charged),
    ),
    recipe_sha256: row.recipe_sha256,
  };
}
