-- Sums over all workspaces for the operator's metrics; no row of anybody. Jobs and credits are those of the last hour, found by their ids, which sort
-- by time, so that no index has to be kept for it.
create or replace function public.queue_numbers() returns jsonb
language sql stable security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'ready', coalesce((
      select jsonb_agg(jsonb_build_object('level', q.level, 'jobs', q.jobs, 'oldest_s', q.oldest_s))
      from (
        select r.level, count(*) as jobs, extract(epoch from now() - min(r.enqueued_at)) as oldest_s from public.ready r group by r.level
      ) q), '[]'),
    -- Seconds of computing that wait, by model and the class of GPU that should serve it: what workers are scaled by.
    'work', coalesce((
      select jsonb_agg(jsonb_build_object('model', q.model_id, 'gpu_class', m.gpu_class, 'seconds', q.work_ms / 1000.0))
      from (select r.model_id, sum(r.work_ms) as work_ms from public.ready r group by r.model_id) q
      join public.model m on m.model_id = q.model_id), '[]'),
    'dead_letters', coalesce((
      select jsonb_agg(jsonb_build_object('code', d.code, 'jobs', d.jobs))
      from (
        select coalesce(g.error_code, 'unknown') as code, count(*) as jobs from public.generation g
        where g.status = 'failed' and g.discarded_at is null
          and g.generation_id > (lpad(to_hex((extract(epoch from now() - interval '7 days') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
          and not exists (select from public.generation again where again.requeue_of = g.generation_id and again.status in ('backlogged', 'queued', 'running', 'succeeded'))
        group by 1) d), '[]'),
    'running', (select count(*) from public.running),
    'recent', coalesce((
      select jsonb_agg(jsonb_build_object('status', s.status, 'jobs', s.jobs, 'charged', s.charged))
      from (
        select g.status, count(*) as jobs, coalesce(sum(g.charged), 0) as charged
        from public.generation g
        where g.generation_id > (lpad(to_hex((extract(epoch from now() - interval '1 hour') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
        group by g.status
      ) s), '[]'),
    'held', (select coalesce(sum(a.held), 0) from public.credit_account a where a.held > 0),
    'workers', (select count(*) from public.worker w where w.seen_at > now() - interval '15 seconds'))
$$;
alter function public.queue_numbers() owner to pingvas_queue;
revoke all on function public.queue_numbers() from public;
grant execute on function public.queue_numbers() to pingvas_app;
