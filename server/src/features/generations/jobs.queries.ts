import { type Expression, sql, type SqlBool } from 'kysely';
import { imageColumns, type ImageRow } from '#features/library/index.ts';
import type { TenantQuery } from '#platform/db/tenant.ts';

/** What a job's view needs, in one row. */
export type JobRow = {
  generation_id: string;
  workspace_id: string;
  status: string;
  version: number;
  updated_us: number;
  level: number;
  request: unknown;
  held: number;
  charged: number | null;
  attempt: number;
  error_code: string | null;
  error_detail: string | null;
  created_at: Date;
  started_at: Date | null;
  cancel_requested_at: Date | null;
  finished_at: Date | null;
  wiped_at: Date | null;
  reproduction_of: string | null;
  reproduction_verdict: unknown;
  progress: number | null;
  phase: string | null;
  step: number | null;
  steps: number | null;
  preview: number | null;
  /** Jobs of the workspace's own backlog before this one; null when it is not backlogged. */
  backlog_before: number | null;
  images: ImageRow[];
};

const jobs = (query: TenantQuery, workspaceId: string) =>
  query
    .selectFrom('generation as g')
    .leftJoin('running as r', 'r.generation_id', 'g.generation_id')
    .select([
      'g.generation_id',
      'g.workspace_id',
      'g.status',
      'g.version',
      'g.level',
      'g.request',
      'g.held',
      'g.charged',
      'g.attempt',
      'g.error_code',
      'g.error_detail',
      'g.created_at',
      'g.started_at',
      'g.cancel_requested_at',
      'g.finished_at',
      'g.wiped_at',
      'g.reproduction_of',
      'g.reproduction_verdict',
      'r.progress',
      'r.phase',
      'r.step',
      'r.steps',
      'r.preview',
      sql<number>`(extract(epoch from g.updated_at) * 1000000)::bigint`.as('updated_us'),
      sql<number | null>`case when g.status = 'backlogged' then (
        select count(*) from generation b
        where b.workspace_id = g.workspace_id and b.status = 'backlogged' and b.generation_id < g.generation_id) end`.as(
        'backlog_before',
      ),
      sql<ImageRow[]>`case when g.finished_at is null then '[]' else (
        select coalesce(jsonb_agg(jsonb_build_object(${sql.join(imageColumns.flatMap((column) => [sql.lit(column), sql.ref(`i.${column}`)]))}) order by i.position), '[]')
        from image i where i.generation_id = g.generation_id and i.workspace_id = g.workspace_id and i.deleted_at is null) end`.as(
        'images',
      ),
    ])
    .where('g.workspace_id', '=', workspaceId);

export const selectJob = (query: TenantQuery, workspaceId: string, jobId: string) =>
  jobs(query, workspaceId).where('g.generation_id', '=', jobId).$castTo<JobRow>();

export const selectJobsByIds = (query: TenantQuery, workspaceId: string, ids: string[]) =>
  jobs(query, workspaceId).where('g.generation_id', 'in', ids).$castTo<JobRow>();

/** The newest jobs, one more than asked so that the caller sees whether there is a next page. */
export const selectJobs = (
  query: TenantQuery,
  workspaceId: string,
  { status, limit, before }: { status: string | undefined; limit: number; before: string | undefined },
) =>
  jobs(query, workspaceId)
    .$if(status !== undefined, (page) => page.where('g.status', '=', status ?? ''))
    .$if(before !== undefined, (page) => page.where('g.generation_id', '<', before ?? ''))
    .orderBy('g.generation_id', 'desc')
    .limit(limit + 1)
    .$castTo<JobRow>();

/** Jobs that have not ended, and those whose state changed since an instant (microseconds), oldest change first. */
export const selectChangedJobs = (query: TenantQuery, workspaceId: string, sinceUs: number, limit: number) =>
  jobs(query, workspaceId)
    .where(sql<SqlBool>`g.updated_at > to_timestamp(${sinceUs}::float8 / 1000000)` as Expression<SqlBool>)
    .orderBy('g.updated_at')
    .orderBy('g.generation_id')
    .limit(limit)
    .$castTo<JobRow>();

/** Pictures of the workspace that may be used as input: not in the trash. */
export const selectUsableImages = (query: TenantQuery, workspaceId: string, ids: string[]) =>
  query
    .selectFrom('image')
    .select('image_id')
    .where('workspace_id', '=', workspaceId)
    .where('image_id', 'in', ids)
    .where('deleted_at', 'is', null);

/** Milli-credits that a hold could reserve now. */
export const selectAvailable = (query: TenantQuery, workspaceId: string) =>
  query
    .selectFrom('credit_grant')
    .select(sql<number>`coalesce(sum(remaining - reserved), 0)::bigint`.as('available'))
    .where('workspace_id', '=', workspaceId)
    .where('effective_at', '<=', sql<Date>`now()`)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', sql<Date>`now()`)]));

/** The answer kept for an idempotency key within its 24 hours. */
export const selectKeptAnswer = (query: TenantQuery, workspaceId: string, key: string) =>
  query
    .selectFrom('idempotency')
    .select(['fingerprint', 'response'])
    .where('workspace_id', '=', workspaceId)
    .where('key', '=', key)
    .where('created_at', '>', sql<Date>`now() - interval '24 hours'`);

export const selectPlan = (query: TenantQuery, workspaceId: string) =>
  query.selectFrom('workspace').select('plan').where('workspace_id', '=', workspaceId);

/** A picture with what is needed to make it again. */
export const selectRecipe = (query: TenantQuery, workspaceId: string, imageId: string) =>
  query
    .selectFrom('image')
    .select(['image_id', 'workspace_id', 'recipe', 'deleted_at'])
    .where('workspace_id', '=', workspaceId)
    .where('image_id', '=', imageId);

/** What decides when a waiting job of the workspace starts; times in milliseconds. */
export type PlacementRow = {
  status: string;
  level: number;
  model_id: string;
  load_ms: number;
  run_ms: number;
  most_ms: number;
  /** Null when it is not in the queue. */
  waited_ms: number | null;
  bypassed: number | null;
  /** GPU time of the workspace of late; what runs now counts as ten seconds a job. */
  gpu_ms: number;
  running_max: number;
  active_jobs: number;
  backlog_before: number | null;
};

export const selectPlacement = (query: TenantQuery, workspaceId: string, jobId: string) =>
  query
    .selectFrom('generation as g')
    .innerJoin('model as m', 'm.model_id', 'g.model_id')
    .innerJoin('credit_account as a', 'a.workspace_id', 'g.workspace_id')
    .leftJoin('ready as r', 'r.generation_id', 'g.generation_id')
    .select([
      'g.status',
      'g.level',
      'g.model_id',
      'm.load_ms',
      sql`g.expected - g.surcharge`.as('run_ms'),
      sql`g.ceiling - g.surcharge`.as('most_ms'),
      sql`case when r.enqueued_at is not null
        then greatest(0, (extract(epoch from now() - r.enqueued_at) * 1000)::bigint) end`.as('waited_ms'),
      'r.bypassed',
      sql`public.recent_gpu(a.recent_gpu_ms, a.recent_gpu_at, now())
        + 10000 * (select count(*) from running u where u.workspace_id = g.workspace_id)`.as('gpu_ms'),
      'a.running_max',
      'a.active_jobs',
      sql`case when g.status = 'backlogged' then (
        select count(*) from generation b
        where b.workspace_id = g.workspace_id and b.status = 'backlogged' and b.generation_id < g.generation_id) end`.as(
        'backlog_before',
      ),
    ])
    .where('g.workspace_id', '=', workspaceId)
    .where('g.generation_id', '=', jobId)
    .$castTo<PlacementRow>();
