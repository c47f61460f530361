import type { Readable } from 'node:stream';
import { previewKey } from '#adapters/storage/index.ts';
import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import type { GenerationsDeps } from './generations.deps.ts';
import { findJob } from './get-job.ts';

/** The newest preview (WEBP) of a running job. Throws `not_found` also when there is none yet or the job has ended. */
export async function getPreview(
  deps: Pick<GenerationsDeps, 'db' | 'storage'>,
  actor: Actor,
  jobId: string,
): Promise<{ body: Readable; sizeBytes: number }> {
  const job = await findJob(deps, actor, jobId);
  if (!job.preview) throw new AppError('not_found');
  const ref = { workspaceId: job.workspace_id, generationId: job.generation_id, attempt: job.attempt };
  const found = await deps.storage.open(previewKey(ref, 'webp'));
  if (!found) throw new AppError('not_found');
  return found;
}
