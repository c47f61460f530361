-- Takes jobs: a list of submits of any workspaces, answered in its order. Those that nothing speaks against are written for all at once; as soon as one
-- of a workspace is in doubt, all of its jobs are judged one by one by `submit_generation`, which says what a submit means. Both under the locks of the
-- accounts, taken in the order of their keys. Who is no member of the workspace, or calls with a key of another one, is refused there.
create or replace function public.submit_generations(p jsonb) returns jsonb
language plpgsql security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
set jit = off
as $$
declare
  v_now constant timestamptz := now();
  v_answers jsonb;
  v_body jsonb;
  v_n bigint;
begin
  perform from public.credit_account a
    where a.workspace_id = any(array(select (e->>'workspace_id')::uuid from jsonb_array_elements(p) e))
    order by a.workspace_id for update;

  with item as materialized (
    select e.n, x.*, x.idempotency->>'key' as idempotency_key
    from jsonb_array_elements(p) with ordinality e(body, n)
    cross join lateral jsonb_to_record(e.body) x(workspace_id uuid, user_id text, api_key_id uuid, generation_id uuid, plan text, model_id text,
      mode text, level smallint, request jsonb, expected bigint, ceiling bigint, surcharge bigint, timeout_ms integer, start_by_s integer,
      running_max integer, waiting_max integer, api_calls_max integer, storage_max bigint, idempotency jsonb, reproduction_of uuid,
      timing_shape text, timing_images smallint)
  ), live as materialized (
    select g.grant_id, g.workspace_id, g.remaining - g.reserved as free,
      sum(g.remaining - g.reserved) over burn - (g.remaining - g.reserved) as before
    from public.credit_grant g
    where g.workspace_id = any(array(select i.workspace_id from item i)) and g.kind <> 'contract' and g.frozen_at is null
      and g.remaining > g.reserved
      and g.effective_at <= v_now and (g.expires_at is null or g.expires_at > v_now)
    window burn as (partition by g.workspace_id order by g.priority, g.expires_at, g.created_at, g.grant_id rows unbounded preceding)
  ), place as materialized (
    select a.workspace_id, a.active_jobs, a.backlogged_jobs, a.storage_bytes, a.api_calls_in_period, a.period_start, w.plan,
      (select coalesce(sum(l.free), 0) from live l where l.workspace_id = a.workspace_id) as available
    from public.credit_account a join public.workspace w on w.workspace_id = a.workspace_id
    where a.workspace_id = any(array(select i.workspace_id from item i)) and a.next_due_at > v_now
      and w.suspended_at is null and w.plan <> 'enterprise'
  ), judged as materialized (
    select i.*, a.period_start, a.active_jobs, a.backlogged_jobs,
      row_number() over mine as nth, sum(i.ceiling) over mine - i.ceiling as held_before,
      bool_and(
        a.plan = i.plan and i.ceiling >= 0
        and (i.storage_max is null or a.storage_bytes < i.storage_max)
        and exists (select from public.workspace_member m
          where m.workspace_id = i.workspace_id and m.user_id = i.user_id and m.monthly_credit_budget is null)
        and (i.api_key_id is null or exists (select from public.api_key k
          where k.key_id = i.api_key_id and k.workspace_id = i.workspace_id and k.revoked_at is null and k.monthly_credit_budget is null))
        and (i.idempotency_key is null or not exists (select from public.idempotency k
          where k.workspace_id = i.workspace_id and k.key = i.idempotency_key))
        -- A bigger plan may have made room for the backlog.
        and (a.backlogged_jobs = 0 or a.active_jobs >= i.running_max)) over whole
      and sum(i.ceiling) over whole <= a.available
      and a.active_jobs + a.backlogged_jobs + count(*) over whole <= min(i.waiting_max) over whole
      and (min(i.api_calls_max) over whole is null or a.api_calls_in_period + count(i.api_key_id) over whole <= min(i.api_calls_max) over whole)
      and count(i.idempotency_key) over whole = (select count(distinct o.idempotency_key) from item o where o.workspace_id = i.workspace_id)
      and min(i.running_max) over whole = max(i.running_max) over whole as fits
    from item i join place a on a.workspace_id = i.workspace_id
    window whole as (partition by i.workspace_id), mine as (partition by i.workspace_id order by i.n)
  ), job as materialized (
    select j.*, j.backlogged_jobs = 0 and j.active_jobs + j.nth <= j.running_max as queued,
      j.backlogged_jobs + j.nth - case when j.backlogged_jobs = 0 then greatest(0, j.running_max - j.active_jobs) else 0 end as own_rank
    from judged j where j.fits
  ), ahead as materialized (
    -- An estimate: what arrives meanwhile may be missing.
    select l.level, (select count(*) from (select from public.ready r where r.level >= l.level limit 1000) waiting) as jobs
    from (select distinct j.level from job j where j.queued) l
  ), answer as materialized (
    select j.n, j.workspace_id, j.idempotency, jsonb_build_object(
      'job_id', j.generation_id, 'status', case when j.queued then 'queued' else 'backlogged' end,
      'held_credits', trim_scale(j.ceiling / 1000.0), 'ceiling_credits', trim_scale(j.ceiling / 1000.0),
      'position', case when j.queued then (select a.jobs from ahead a where a.level = j.level) else least(1000, j.own_rank) end,
      'created_at', public.iso(v_now)) as response
    from job j
  ), hold as (
    insert into public.credit_hold (hold_id, workspace_id, business_id, amount, unlimited, period_start, created_at)
      select j.generation_id, j.workspace_id, 'generation:' || j.generation_id, j.ceiling, false, j.period_start, v_now from job j
  ), slice as materialized (
    -- Holds and grants as stretches of one line: where they overlap, the grant pays the hold.
    select j.generation_id, j.workspace_id, l.grant_id, row_number() over (partition by j.generation_id order by l.before) as position,
      least(j.held_before + j.ceiling, l.before + l.free) - greatest(j.held_before, l.before) as amount
    from job j join live l
      on l.workspace_id = j.workspace_id and l.before < j.held_before + j.ceiling and j.held_before < l.before + l.free
    where j.ceiling > 0
  ), slices as (
    insert into public.credit_hold_slice (hold_id, position, workspace_id, grant_id, amount)
      select s.generation_id, s.position, s.workspace_id, s.grant_id, s.amount from slice s
  ), reserved as (
    update public.credit_grant g set reserved = g.reserved + s.amount
      from (select grant_id, sum(amount) as amount from slice group by grant_id) s where g.grant_id = s.grant_id
  ), facts as (
    insert into public.generation (
      generation_id, workspace_id, user_id, api_key_id, status, model_id, mode, level, request, expected, ceiling, surcharge, held, timeout_ms,
      reproduction_of, start_by, created_at, updated_at, queued_at, period_start, timing_shape, timing_images
    )
      select j.generation_id, j.workspace_id, j.user_id, j.api_key_id, case when j.queued then 'queued' else 'backlogged' end, j.model_id, j.mode,
        j.level, j.request, j.expected, j.ceiling, j.surcharge, j.ceiling, j.timeout_ms, j.reproduction_of,
        v_now + j.start_by_s * interval '1 second', v_now, v_now, case when j.queued then v_now end, j.period_start, j.timing_shape, j.timing_images
      from job j
  ), ready as (
    insert into public.ready (generation_id, workspace_id, level, model_id, enqueued_at, loras, memory_min_bytes, work_ms)
      select j.generation_id, j.workspace_id, j.level, j.model_id, v_now, public.request_loras(j.request),
        public.memory_need(j.model_id, j.request), j.expected - j.surcharge
      from job j where j.queued
  ), account as (
    update public.credit_account a
      set held = a.held + s.ceiling, active_jobs = a.active_jobs + s.queued, backlogged_jobs = a.backlogged_jobs + s.backlogged,
          running_max = s.running_max, api_calls_in_period = a.api_calls_in_period + s.calls
      from (
        select j.workspace_id, sum(j.ceiling) as ceiling, count(*) filter (where j.queued) as queued, count(*) filter (where not j.queued) as backlogged,
          max(j.running_max) as running_max, count(j.api_key_id) as calls
        from job j group by j.workspace_id) s
      where a.workspace_id = s.workspace_id
  ), member as (
    insert into public.member_usage as u (workspace_id, user_id, period_start, held)
      select j.workspace_id, j.user_id, j.period_start, sum(j.ceiling) from job j group by 1, 2, 3
      on conflict (workspace_id, user_id, period_start) do update set held = u.held + excluded.held
  ), key as (
    insert into public.api_key_usage as u (key_id, workspace_id, period_start, held)
      select j.api_key_id, j.workspace_id, j.period_start, sum(j.ceiling) from job j where j.api_key_id is not null group by 1, 2, 3
      on conflict (key_id, period_start) do update set held = u.held + excluded.held
  ), kept as (
    insert into public.idempotency (workspace_id, key, fingerprint, status_code, response, created_at)
      select a.workspace_id, a.idempotency->>'key', a.idempotency->>'fingerprint', 202, a.response, v_now
      from answer a where a.idempotency->>'key' is not null
  )
  select jsonb_object_agg(a.n::text, jsonb_build_object('outcome', 'accepted', 'response', a.response)) into v_answers from answer a;

  v_answers := coalesce(v_answers, '{}');
  for v_body, v_n in
    select e.body, e.n from jsonb_array_elements(p) with ordinality e(body, n) where not v_answers ? e.n::text order by e.n
  loop
    v_answers := v_answers || jsonb_build_object(v_n::text, public.submit_generation(v_body));
  end loop;
  return (select jsonb_agg(v_answers->n::text order by n) from generate_series(1, jsonb_array_length(p)) n);
end $$;
alter function public.submit_generations(jsonb) owner to pingvas_queue;
revoke all on function public.submit_generations(jsonb) from public;
grant execute on function public.submit_generations(jsonb) to pingvas_app;
