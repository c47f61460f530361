import type { Database } from '#platform/db/database.ts';
import { sweepQueue } from './generations.queries.ts';
import type { JobHints } from './job-hints.ts';

/** Takes back what lost workers held and expires what waited too long; whoever watches those jobs hears of it. Run every second. */
export async function sweepJobs(deps: { db: Database; hints: JobHints }): Promise<void> {
  const { changed, requeued } = await sweepQueue(deps.db);
  for (const job of changed) deps.hints.jobChanged(job.workspace_id, job.generation_id);
  if (changed.length + requeued > 0) deps.hints.queueChanged();
}
