import { type Actor, workspacesOf } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { isId } from '#platform/http/schemas.ts';
import type { GenerationsDeps } from './generations.deps.ts';
import type { JobView } from './generations.schemas.ts';
import { jobView } from './job-view.ts';
import { type JobRow, selectJob } from './jobs.queries.ts';

/** The row of a job in any workspace of the caller. Throws `not_found`, the same for a stranger's job as for none. */
export async function findJob(deps: Pick<GenerationsDeps, 'db'>, actor: Actor, jobId: string): Promise<JobRow> {
  if (isId(jobId)) {
    for (const workspaceId of workspacesOf(actor)) {
      const [row] = await readTenant(deps.db, workspaceId, (query) => selectJob(query, workspaceId, jobId));
      if (row) return row;
    }
  }
  throw new AppError('not_found');
}

/** A job as its owner sees it. Throws `not_found`. */
export async function getJob(
  deps: Pick<GenerationsDeps, 'db' | 'publicUrl' | 'queueOrder'>,
  actor: Actor,
  jobId: string,
): Promise<JobView> {
  return jobView(deps, await findJob(deps, actor, jobId));
}
