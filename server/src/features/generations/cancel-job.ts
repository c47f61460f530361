import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import type { GenerationsDeps } from './generations.deps.ts';
import type { JobView } from './generations.schemas.ts';
import { cancelGeneration } from './generations.queries.ts';
import { getJob } from './get-job.ts';

/**
 * Cancels a job: at once while it waits, within seconds while it runs; what has ended stays as it is. Returns the job as it then stands.
 * `actor` is the caller in the job's own workspace. Throws `not_found`.
 */
export async function cancelJob(
  deps: Pick<GenerationsDeps, 'db' | 'publicUrl' | 'queueOrder' | 'hints'>,
  actor: Actor,
  jobId: string,
): Promise<JobView> {
  const { outcome } = await cancelGeneration(deps.db, actor.workspaceId, jobId);
  if (outcome === 'not_found') throw new AppError('not_found');
  if (outcome !== 'ended') deps.hints.jobChanged(actor.workspaceId, jobId);
  if (outcome === 'requested') deps.hints.cancelRequested(jobId);
  // A place became free: a job of the backlog may have moved up.
  if (outcome === 'cancelled') deps.hints.queueChanged();
  return getJob(deps, actor, jobId);
}
