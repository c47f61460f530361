-- Chore, every minute: quantiles of the billed time of one image, by model, device class and shape, over the newest attempts that succeeded. Looks at
-- no more than the newest 20,000 jobs of the last seven days, found by their ids, which sort by time; so the cost is bounded whatever the traffic (about
-- 0.3 s at the bound). Under 20 samples say nothing and are not kept. A shape that has left the window keeps its last numbers for seven days.
-- Returns how many rows it wrote.
create or replace function public.refresh_timings() returns integer
language plpgsql security definer
set search_path = ''
set jit = off
as $$
declare
  v_now constant timestamptz := now();
  v_oldest constant uuid :=
    (lpad(to_hex((extract(epoch from v_now - interval '7 days') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;
  v_written integer;
begin
  -- Two at once would only do the same twice.
  if not pg_try_advisory_xact_lock(7305118404) then return 0; end if;
  with job as materialized (
    select g.generation_id, g.attempt, g.model_id, g.timing_shape, g.timing_images
    from (
      select n.generation_id, n.attempt, n.model_id, n.timing_shape, n.timing_images, n.status
      from public.generation n where n.generation_id > v_oldest order by n.generation_id desc limit 20000) g
    where g.status = 'succeeded' and g.timing_shape is not null
  ), sample as (
    select j.model_id, j.timing_shape, a.device_class, greatest(1, a.billed::double precision / j.timing_images) as image_ms
    from job j join public.generation_attempt a on a.generation_id = j.generation_id and a.number = j.attempt and a.outcome = 'succeeded'
  )
  insert into public.timing_quantile as q (model_id, timing_shape, device_class, samples, p50_ms, p99_ms, refreshed_at)
    select s.model_id, s.timing_shape, s.device_class, count(*),
      percentile_disc(0.5) within group (order by s.image_ms), percentile_disc(0.99) within group (order by s.image_ms), v_now
    from sample s group by s.model_id, s.timing_shape, s.device_class having count(*) >= 20
    on conflict (model_id, timing_shape, device_class) do update
      set samples = excluded.samples, p50_ms = excluded.p50_ms, p99_ms = excluded.p99_ms, refreshed_at = excluded.refreshed_at;
  get diagnostics v_written = row_count;
  delete from public.timing_quantile q where q.refreshed_at < v_now - interval '7 days';
  return v_written;
end $$;
alter function public.refresh_timings() owner to pingvas_queue;
revoke all on function public.refresh_timings() from public;
grant execute on function public.refresh_timings() to pingvas_app;
