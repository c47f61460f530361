-- How well estimates fit, by model, for the operator's metrics: over the newest 20,000 jobs of the last day, found by their ids. Only GPU time is
-- compared (the API call's surcharge is known beforehand and would flatter the numbers). `within` = billed within half and one and a half times
-- the expected, `overrun` = above the ceiling (what is above is never charged), `ratio` = median of billed ÷ expected.
create or replace function public.estimate_numbers() returns jsonb
language sql stable security definer
set search_path = ''
set jit = off
as $$
  select coalesce(jsonb_agg(jsonb_build_object('model', n.model_id, 'jobs', n.jobs, 'within', n.within, 'overrun', n.overrun, 'ratio', n.ratio)), '[]')
  from (
    select e.model_id, count(*) as jobs,
      avg((e.billed between 0.5 * e.expected and 1.5 * e.expected)::integer) as within,
      avg((e.billed > e.ceiling)::integer) as overrun,
      percentile_disc(0.5) within group (order by e.billed::double precision / e.expected) as ratio
    from (
      select g.model_id, a.billed, g.expected - g.surcharge as expected, g.ceiling - g.surcharge as ceiling
      from (
        select * from public.generation j
        where j.generation_id > (lpad(to_hex((extract(epoch from now() - interval '1 day') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
        order by j.generation_id desc limit 20000) g
      join public.generation_attempt a on a.generation_id = g.generation_id and a.number = g.attempt and a.outcome = 'succeeded'
      -- A free second run of a dead letter has no estimate.
      where g.status = 'succeeded' and g.requeue_of is null and g.expected > g.surcharge
    ) e group by e.model_id
  ) n
$$;
alter function public.estimate_numbers() owner to pingvas_queue;
revoke all on function public.estimate_numbers() from public;
grant execute on function public.estimate_numbers() to pingvas_app;
