import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';

/** A job for the operator, with every attempt: facts of the machine, none of the customer's words. Undefined: there is none. `admin`: the operator's login. */
export async function inspectJob(admin: Database, jobId: string): Promise<Record<string, unknown> | undefined> {
  const { rows } = await sql<{ job: Record<string, unknown> }>`
    select jsonb_build_object(
      'job_id', g.generation_id, 'workspace_id', g.workspace_id, 'status', g.status, 'model', g.model_id, 'mode', g.mode,
      'size', (g.request->>'width') || '×' || (g.request->>'height'), 'count', g.request->'count', 'loras', g.request->'loras',
      'error_code', g.error_code, 'error_detail', g.error_detail, 'memory_min_bytes', g.memory_min_bytes,
      'created_at', g.created_at, 'finished_at', g.finished_at, 'discarded_at', g.discarded_at, 'requeue_of', g.requeue_of,
      'requeued_as', (select a.generation_id from generation a where a.requeue_of = g.generation_id order by a.created_at desc limit 1),
      'attempts', (
        select coalesce(jsonb_agg(jsonb_build_object('number', a.number, 'worker', a.worker_name, 'device', a.device, 'outcome', a.outcome,
          'why', a.why, 'started_at', a.started_at, 'ended_at', a.ended_at) order by a.number), '[]')
        from generation_attempt a where a.generation_id = g.generation_id)) as job
    from generation g where g.generation_id = ${jobId}::uuid`.execute(admin.kysely);
  return rows[0]?.job;
}
