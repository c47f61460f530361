import { type GenerationState, hasEnded, toCredits } from '@pingvas/domain';
import { imageView } from '#features/library/index.ts';
import type { JobView } from './generations.schemas.ts';
import type { JobRow } from './jobs.queries.ts';
import { positionMax, type QueueOrder } from './queue-order.ts';

export type JobViewDeps = { publicUrl: string; queueOrder: QueueOrder };

/** Shows a job. */
export async function jobView(deps: JobViewDeps, row: JobRow): Promise<JobView> {
  const status = row.status as GenerationState;
  const ended = hasEnded(status);
  return {
    job_id: row.generation_id,
    status,
    progress: ended ? 1 : round(row.progress ?? 0),
    phase: row.phase,
    position: await positionOf(deps.queueOrder, row),
    request: row.wiped_at === null ? (row.request as JobView['request']) : null,
    held_credits: toCredits(row.held),
    charged_credits: row.charged === null ? null : toCredits(row.charged),
    attempt: row.attempt,
    images: row.images.map((image) => imageView(image, deps.publicUrl)),
    error:
      row.error_code === null
        ? null
        : {
            code: row.error_code,
            detail: row.error_detail ?? errorWords(row.error_code),
            charged: (row.charged ?? 0) > 0,
          },
    reproduction: reproductionOf(row),
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    cancel_requested_at: row.cancel_requested_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}

function reproductionOf({ reproduction_of: imageId, reproduction_verdict: judged }: JobRow): JobView['reproduction'] {
  if (imageId === null) return null;
  const { verdict, distance, why } = (judged ?? { verdict: null, distance: null, why: null }) as Omit<
    NonNullable<JobView['reproduction']>,
    'of_image_id'
  >;
  return { of_image_id: imageId, verdict, distance, why };
}

async function positionOf(queueOrder: QueueOrder, row: JobRow): Promise<number | null> {
  if (row.status === 'backlogged') return Math.min(positionMax, row.backlog_before ?? 0);
  return row.status === 'queued' ? queueOrder.positionOf({ generationId: row.generation_id, level: row.level }) : null;
}

/** Floats of the database carry digits that mean nothing. */
export const round = (progress: number): number => Math.round(progress * 10_000) / 10_000;

const errorWords = (code: string): string =>
  code === 'worker_lost'
    ? 'The machine that rendered it was lost; nothing was charged.'
    : 'The engine could not finish; nothing was charged.';
