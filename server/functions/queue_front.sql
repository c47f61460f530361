-- What decides when a waiting job starts: the first 200 waiting jobs in the order of effective level and age, and the living workers with what they
-- are doing. Crosses workspaces, so it names no workspace: `owner` is a number that is good for this answer only. Times in milliseconds: `run_ms` as
-- expected, `most_ms` at the ceiling. `recent` is what was submitted in the last ten minutes (the latest 300 at most, and then `recent_ms` is shorter), for
-- what may arrive: its owners that do not wait have numbers of their own. The cost is bounded: ten short index scans, 500 jobs and 200 workers by key.
create or replace function public.queue_front() returns jsonb
language plpgsql stable security definer
set search_path = ''
set enable_seqscan = off
set jit = off
as $$
begin
  return (with front as materialized (
    select w.*, dense_rank() over (order by w.workspace_id)::integer - 1 as owner
    from (
      select r.generation_id, r.workspace_id, r.level, r.model_id, r.enqueued_at, r.bypassed,
        greatest(0, (extract(epoch from now() - r.enqueued_at) * 1000)::bigint) as waited_ms
      from unnest(array[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]::smallint[]) l(level)
      cross join lateral (
        select q.* from public.ready q where q.level = l.level order by q.enqueued_at, q.generation_id limit 200) r
      order by public.effective_level(r.level, greatest(0, (extract(epoch from now() - r.enqueued_at) * 1000)::bigint)) desc, r.enqueued_at, r.generation_id
      limit 200
    ) w
  ), busy as materialized (
    select r.workspace_id, count(*) as jobs from public.running r
    where r.workspace_id = any(array(select f.workspace_id from front f)) group by r.workspace_id
  ), latest as materialized (
    -- Ids sort by time.
    select g.workspace_id, g.level, g.model_id, g.expected - g.surcharge as run_ms, g.ceiling - g.surcharge as most_ms, g.created_at
    from public.generation g
    where g.generation_id > (lpad(to_hex((extract(epoch from now() - interval '10 minutes') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
    order by g.generation_id desc limit 300
  ), known as materialized (
    select distinct f.workspace_id, f.owner from front f
  ), arrived as materialized (
    select l.*, coalesce(k.owner, (select count(*) from known)::integer + dense_rank() over (order by k.owner is null desc, l.workspace_id)::integer - 1) as owner
    from latest l left join known k on k.workspace_id = l.workspace_id
  ), living as materialized (
    select * from public.worker w where not w.draining and w.seen_at > now() - interval '15 seconds' order by w.worker_id limit 200
  )
  select jsonb_build_object(
    'jobs', coalesce((
      select jsonb_agg(jsonb_build_object('id', f.generation_id, 'level', f.level, 'waited_ms', f.waited_ms, 'model', f.model_id, 'owner', f.owner,
        'bypassed', f.bypassed, 'run_ms', g.expected - g.surcharge, 'most_ms', g.ceiling - g.surcharge)
        order by public.effective_level(f.level, f.waited_ms) desc, f.enqueued_at, f.generation_id)
      from front f join public.generation g on g.generation_id = f.generation_id), '[]'),
    'gpu_ms', coalesce((
      select jsonb_agg(o.gpu_ms order by o.owner)
      from (
        select distinct on (f.owner) f.owner,
          -- As in a claim: what is running now counts as ten seconds a job.
          public.recent_gpu(a.recent_gpu_ms, a.recent_gpu_at, now()) + 10000 * coalesce(b.jobs, 0) as gpu_ms
        from front f join public.credit_account a on a.workspace_id = f.workspace_id left join busy b on b.workspace_id = f.workspace_id
        order by f.owner) o), '[]'),
    'load_ms', coalesce((
      select jsonb_object_agg(m.model_id, m.load_ms) from public.model m
      where m.model_id = any(array(select f.model_id from front f union select a.model_id from arrived a))), '{}'),
    'recent', coalesce((
      select jsonb_agg(jsonb_build_object('level', a.level, 'model', a.model_id, 'owner', a.owner, 'run_ms', a.run_ms, 'most_ms', a.most_ms)) from arrived a), '[]'),
    'recent_ms', case when (select count(*) from arrived) < 300 then 600000
      else greatest(1, (extract(epoch from now() - (select min(a.created_at) from arrived a)) * 1000)::bigint) end,
    'workers', coalesce((
      select jsonb_agg(jsonb_build_object('models', w.models, 'loaded', w.loaded_model, 'run_ms', coalesce(b.run_ms, 0), 'most_ms', coalesce(b.most_ms, 0)))
      from living w left join lateral (
        select greatest(0, spent.load_ms + g.expected - g.surcharge - spent.ms) as run_ms, greatest(0, spent.load_ms + g.ceiling - g.surcharge - spent.ms) as most_ms
        from public.running r
        join public.generation g on g.generation_id = r.generation_id
        join public.model m on m.model_id = g.model_id
        cross join lateral (
          select (extract(epoch from now() - g.started_at) * 1000)::bigint as ms, case when r.phase = 'load' then m.load_ms else 0 end as load_ms) spent
        where r.worker_id = w.worker_id limit 1) b on true), '[]')));
end $$;
alter function public.queue_front() owner to pingvas_queue;
revoke all on function public.queue_front() from public;
grant execute on function public.queue_front() to pingvas_app;
