import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import type { GenerationsDeps } from './generations.deps.ts';
import { wipeGeneration } from './generations.queries.ts';

/**
 * Deletes words and pictures of an ended job for good; the receipt's amounts stay. `actor` is the caller in the job's own workspace.
 * Throws `job_not_ended` and `not_found`.
 */
export async function deleteJob(
  deps: Pick<GenerationsDeps, 'db' | 'hints'>,
  actor: Actor,
  jobId: string,
): Promise<void> {
  const { outcome } = await wipeGeneration(deps.db, actor.workspaceId, jobId);
  if (outcome === 'not_found') throw new AppError('not_found');
  if (outcome === 'not_ended') throw new AppError('job_not_ended');
  deps.hints.jobChanged(actor.workspaceId, jobId);
}
