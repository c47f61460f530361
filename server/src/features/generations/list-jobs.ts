import type { Actor } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { AppError } from '#platform/errors.ts';
import { isId } from '#platform/http/schemas.ts';
import type { GenerationsDeps } from './generations.deps.ts';
import type { JobView } from './generations.schemas.ts';
import { jobView } from './job-view.ts';
import { selectJobs } from './jobs.queries.ts';

/** A page of the workspace's jobs, newest first. `cursor` is the last id seen; throws `invalid_request` for another word. */
export async function listJobs(
  deps: Pick<GenerationsDeps, 'db' | 'publicUrl' | 'queueOrder'>,
  actor: Actor,
  page: { status?: string | undefined; limit: number; cursor?: string | undefined },
): Promise<{ data: JobView[]; next_cursor: string | null }> {
  if (page.cursor !== undefined && !isId(page.cursor)) {
    throw new AppError('invalid_request', { errors: [{ pointer: '/cursor', detail: 'Not a cursor of this list' }] });
  }
  const rows = await readTenant(deps.db, actor.workspaceId, (query) =>
    selectJobs(query, actor.workspaceId, { status: page.status, limit: page.limit, before: page.cursor }),
  );
  const shown = rows.slice(0, page.limit);
  return {
    data: await Promise.all(shown.map((row) => jobView(deps, row))),
    next_cursor: rows.length > page.limit ? (shown.at(-1)?.generation_id ?? null) : null,
  };
}
