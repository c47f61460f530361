import { hasEnded, type GenerationState } from '@pingvas/domain';
import type { StreamEvent } from '#platform/http/streams.ts';
import { type JobViewDeps, jobView, round } from './job-view.ts';
import type { JobRow } from './jobs.queries.ts';

/** What a watcher of a job has been told; the next events are the difference. */
export type Told = { version: number; status: string; progress: string; preview: string };

const progressOf = (row: JobRow) => {
  const ended = hasEnded(row.status as GenerationState);
  return {
    progress: ended ? 1 : round(row.progress ?? 0),
    phase: row.phase,
    step: row.step ?? 0,
    steps: row.steps ?? 0,
  };
};

/**
 * The events that bring a watcher from what it was told to the present state: `status`, `progress`, `preview`, and `done` with the whole job at the
 * end. A state that came and went in between is skipped: events tell what is, not what was.
 */
export async function jobEvents(
  deps: JobViewDeps,
  row: JobRow,
  told: Told | undefined,
  id: string,
): Promise<{ events: StreamEvent[]; told: Told; ended: boolean }> {
  const ended = hasEnded(row.status as GenerationState);
  const facts = progressOf(row);
  const now: Told = {
    version: row.version,
    status: `${row.status} ${row.attempt} ${String(row.cancel_requested_at?.getTime())}`,
    progress: JSON.stringify(facts),
    preview: row.preview ? `${row.attempt}-${row.preview}` : (told?.preview ?? ''),
  };
  const job_id = row.generation_id;
  const events: StreamEvent[] = [];
  const view = ended || told?.status !== now.status ? await jobView(deps, row) : undefined;
  if (view && told?.status !== now.status) {
    const { status, position, attempt, cancel_requested_at } = view;
    events.push({ event: 'status', id, data: { job_id, status, position, attempt, cancel_requested_at } });
  }
  if (told?.progress !== now.progress) events.push({ event: 'progress', id, data: { job_id, ...facts } });
  if (!ended && now.preview !== '' && told?.preview !== now.preview) {
    events.push({
      event: 'preview',
      id,
      data: { job_id, url: `${deps.publicUrl}/api/v1/jobs/${job_id}/preview?n=${now.preview}` },
    });
  }
  if (view && ended && told?.version !== now.version) events.push({ event: 'done', id, data: view });
  return { events, told: now, ended };
}
