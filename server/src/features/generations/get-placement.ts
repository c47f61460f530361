import { claimScoreParts, effectiveLevel } from '@pingvas/domain';
import type { z } from 'zod';
import type { Actor } from '#platform/actor.ts';
import { readTenant } from '#platform/db/tenant.ts';
import type { GenerationsDeps } from './generations.deps.ts';
import type { Placement } from './generations.schemas.ts';
import { findJob } from './get-job.ts';
import { type PlacementRow, selectPlacement } from './jobs.queries.ts';
import { type FrontPlan, planFront, type QueueFront, type StartInterval } from './plan-front.ts';
import { frontMax } from './queue-front.ts';
import { positionMax } from './queue-order.ts';

export type PlacementView = z.infer<typeof Placement>;
type Deps = Pick<GenerationsDeps, 'db' | 'queueOrder' | 'queueFront' | 'clock'>;

const nothing = {
  waits_for: null,
  priority: null,
  position: null,
  ahead: null,
  loads_planned: null,
  expected_start: null,
  own_limit: null,
} as const;

/**
 * Why a job waits and when it should start. Nothing is explained about a job that runs or has ended. The queue itself is read at most every two
 * seconds per process; a call costs two reads by key more. Throws `not_found`.
 */
export async function getPlacement(deps: Deps, actor: Actor, jobId: string): Promise<PlacementView> {
  const { workspace_id: workspaceId } = await findJob(deps, actor, jobId);
  const [row] = await readTenant(deps.db, workspaceId, (query) => selectPlacement(query, workspaceId, jobId));
  const shown = { ...nothing, job_id: jobId, status: (row?.status ?? 'queued') as PlacementView['status'] };
  if (row?.status === 'backlogged') {
    const { running_max: runningMax, active_jobs: active, backlog_before: before } = row;
    const own = { running_at_once: runningMax, active, rank: Math.min(positionMax, before ?? 0) };
    return { ...shown, waits_for: 'own_limit', position: own.rank, own_limit: own };
  }
  if (row?.status !== 'queued' || row.waited_ms === null) return shown;

  const job = { generationId: jobId, level: row.level };
  const [position, ahead, { front, plan }] = await Promise.all([
    deps.queueOrder.positionOf(job),
    deps.queueOrder.aheadOf(job),
    deps.queueFront(),
  ]);
  const capable = front.workers.filter(({ models }) => models.includes(row.model_id));
  const start = await expectStart(front, plan, jobId, row, position);
  const at = (ms: number): string => new Date(deps.clock.nowMs() + ms).toISOString();
  return {
    ...shown,
    waits_for: capable.length > 0 ? 'worker' : 'engine',
    priority: explain(front, row),
    position,
    ahead,
    loads_planned: start?.loads ?? null,
    expected_start: start ? { earliest: at(start.earliestMs), latest: at(start.latestMs) } : null,
  };
}

/** The job's score now, on the worker that suits it best. */
function explain(front: QueueFront, row: PlacementRow): NonNullable<PlacementView['priority']> {
  const waitedMs = row.waited_ms ?? 0;
  const loaded = front.workers.some((worker) => worker.loaded === row.model_id);
  const queued = front.jobs.filter((job) => job.model === row.model_id).length;
  const { passedOver, ...parts } = claimScoreParts({
    level: row.level,
    waitedMs,
    swapMs: loaded ? 0 : row.load_ms,
    queuedOfModel: queued,
    recentGpuMs: row.gpu_ms,
    bypassed: row.bypassed ?? 0,
  });
  return {
    level: row.level,
    effective_level: effectiveLevel(row.level, waitedMs),
    points: Object.values(parts).reduce((sum, points) => sum + points, passedOver),
    parts: { ...parts, passed_over: passedOver },
  };
}

/**
 * When the job should start. One that is newer than what was read of the queue is put behind it and played. One behind a full front may be favoured as
 * soon as a worker is free, and at the latest waits for all in between at their ceiling; it is not played, so that a long queue costs no more than a
 * short one.
 */
async function expectStart(
  front: QueueFront,
  plan: FrontPlan,
  jobId: string,
  row: PlacementRow,
  position: number,
): Promise<StartInterval | undefined> {
  const known = plan.get(jobId);
  if (known) return known;
  const capable = front.workers.filter(({ models }) => models.includes(row.model_id));
  if (capable.length === 0) return undefined;
  if (front.jobs.length < frontMax) {
    const own = { id: jobId, level: row.level, model: row.model_id, owner: front.gpu_ms.length };
    const times = { waited_ms: row.waited_ms ?? 0, run_ms: row.run_ms, most_ms: row.most_ms };
    const withOwn = {
      ...front,
      jobs: [...front.jobs, { ...own, ...times, bypassed: row.bypassed ?? 0 }],
      gpu_ms: [...front.gpu_ms, row.gpu_ms],
      load_ms: { ...front.load_ms, [row.model_id]: row.load_ms },
    };
    return (await planFront(withOwn)).get(jobId);
  }
  const starts = [...plan.values()];
  const behind = Math.max(0, position - frontMax) + 1;
  const meanMs = front.jobs.reduce((sum, job) => sum + job.most_ms, 0) / front.jobs.length;
  return {
    earliestMs: Math.min(...capable.map((worker) => worker.run_ms)),
    latestMs: Math.max(0, ...starts.map(({ latestMs }) => latestMs)) + (behind * meanMs) / front.workers.length,
    loads: Math.max(0, ...starts.map(({ loads }) => loads)),
  };
}
