-- The first 1,000 waiting jobs in the order of effective level and age, for the position a user is shown (an estimate: claiming also weighs model and
-- fairness). Two equally long lists: ids, and the effective level of each. Crosses workspaces, so it answers ids and nothing about them.
create or replace function public.queue_order() returns jsonb
language sql stable security definer
set search_path = ''
set enable_seqscan = off
as $$
  select jsonb_build_object(
    'ids', coalesce(jsonb_agg(o.generation_id order by o.effective desc, o.enqueued_at, o.generation_id), '[]'),
    'levels', coalesce(jsonb_agg(o.effective order by o.effective desc, o.enqueued_at, o.generation_id), '[]'))
  from (
    select w.generation_id, w.enqueued_at,
      public.effective_level(w.level, greatest(0, (extract(epoch from now() - w.enqueued_at) * 1000)::bigint)) as effective
    from unnest(array[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]::smallint[]) l(level)
    cross join lateral (
      select r.generation_id, r.enqueued_at, r.level from public.ready r where r.level = l.level order by r.enqueued_at, r.generation_id limit 1000
    ) w
    order by effective desc, w.enqueued_at, w.generation_id
    limit 1000
  ) o
$$;
alter function public.queue_order() owner to pingvas_queue;
revoke all on function public.queue_order() from public;
grant execute on function public.queue_order() to pingvas_app;
