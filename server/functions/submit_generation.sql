-- Takes a job: hold, API call, budgets, row and place in the queue in one transaction under the lock of the account, or a refusal that takes
-- nothing. Refusals are values: an exception would cost the pool its connection. Amounts in milli-credits; `ceiling` includes the surcharge.
-- A step of `submit_generations`, which writes the same for many jobs at once.
create or replace function public.submit_generation(p jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_now constant timestamptz := now();
  v_workspace constant uuid := (p->>'workspace_id')::uuid;
  v_id constant uuid := (p->>'generation_id')::uuid;
  v_key constant uuid := (p->>'api_key_id')::uuid;
  v_model constant text := p->>'model_id';
  v_level constant smallint := (p->>'level')::smallint;
  v_ceiling constant bigint := (p->>'ceiling')::bigint;
  v_running_max constant integer := (p->>'running_max')::integer;
  v_idempotency constant text := p->'idempotency'->>'key';
  v_place public.workspace;
  v_account public.credit_account;
  v_before public.idempotency;
  v_refusal jsonb;
  v_position integer;
  v_held bigint;
  v_available bigint;
  v_queued boolean;
  v_response jsonb;
begin
  -- Counted before the lock is taken; an estimate, so what arrives meanwhile may be missing.
  select count(*) into v_position
    from (select from public.ready r where r.level >= v_level limit 1000) ahead;

  v_account := public.ledger_advance(v_workspace, v_now);
  if v_account.workspace_id is null then return jsonb_build_object('outcome', 'not_found'); end if;

  if v_idempotency is not null then
    select * into v_before from public.idempotency i where i.workspace_id = v_workspace and i.key = v_idempotency;
    if found and v_before.created_at > v_now - interval '24 hours' then
      if v_before.fingerprint <> p->'idempotency'->>'fingerprint' then
        return jsonb_build_object('outcome', 'idempotency_key_reused');
      end if;
      return jsonb_build_object('outcome', 'replayed', 'status_code', v_before.status_code, 'response', v_before.response);
    end if;
    delete from public.idempotency i where i.workspace_id = v_workspace and i.key = v_idempotency;
  end if;

  select * into v_place from public.workspace w where w.workspace_id = v_workspace;
  if v_place.suspended_at is not null then return jsonb_build_object('outcome', 'workspace_suspended'); end if;
  -- The caller computed level, limits and price for this plan.
  if v_place.plan <> p->>'plan' then return jsonb_build_object('outcome', 'plan_changed'); end if;
  if v_account.storage_bytes >= (p->>'storage_max')::bigint then
    return jsonb_build_object('outcome', 'storage_exhausted', 'storage_bytes', v_account.storage_bytes, 'storage_max', (p->>'storage_max')::bigint);
  end if;
  if v_key is not null then
    if v_account.api_calls_in_period >= (p->>'api_calls_max')::integer then
      return jsonb_build_object('outcome', 'api_calls_exhausted', 'resets_at', public.iso(v_account.period_end));
    end if;
  end if;
  v_refusal := public.budget_refusal(v_workspace, p->>'user_id', v_key, v_ceiling, v_account.period_start);
  if v_refusal is not null then return v_refusal || jsonb_build_object('resets_at', public.iso(v_account.period_end)); end if;
  if v_account.backlogged_jobs + (select count(*) from public.ready r where r.workspace_id = v_workspace) >= (p->>'waiting_max')::integer then
    return jsonb_build_object('outcome', 'queue_full', 'waiting_max', (p->>'waiting_max')::integer);
  end if;

  v_held := public.ledger_hold(v_workspace, v_id, 'generation:' || v_id, v_ceiling, v_now);
  if v_held < 0 then
    select coalesce(sum(g.remaining - g.reserved), 0) into v_available from public.credit_grant g
      where g.workspace_id = v_workspace and g.frozen_at is null and g.remaining > 0 and g.effective_at <= v_now and (g.expires_at is null or g.expires_at > v_now);
    return jsonb_build_object(
      'outcome', case when v_available + v_account.held >= v_ceiling then 'credits_held' else 'credits_exhausted' end,
      'needed', v_ceiling, 'available', v_available, 'held', v_account.held,
      -- The first running job that should end; what it does not use comes back then.
      'next_release_at', (
        select public.iso(greatest(v_now, min(g.started_at + (g.expected - g.surcharge) * interval '1 millisecond')))
        from public.running r join public.generation g on g.generation_id = r.generation_id
        where r.workspace_id = v_workspace having count(*) > 0),
      'resets_at', public.iso(v_account.period_end));
  end if;

  v_queued := v_account.backlogged_jobs = 0 and v_account.active_jobs < v_running_max;
  insert into public.generation (
    generation_id, workspace_id, user_id, api_key_id, status, model_id, mode, level, request, expected, ceiling, surcharge, held, timeout_ms,
    reproduction_of, start_by, created_at, updated_at, queued_at, period_start, timing_shape, timing_images
  ) values (
    v_id, v_workspace, p->>'user_id', v_key, case when v_queued then 'queued' else 'backlogged' end, v_model, p->>'mode', v_level, p->'request',
    (p->>'expected')::bigint, v_ceiling, (p->>'surcharge')::bigint, v_held, (p->>'timeout_ms')::integer,
    (p->>'reproduction_of')::uuid, v_now + (p->>'start_by_s')::integer * interval '1 second', v_now, v_now,
    case when v_queued then v_now end, v_account.period_start,
    p->>'timing_shape', (p->>'timing_images')::smallint
  );
  if v_queued then
    insert into public.ready (generation_id, workspace_id, level, model_id, enqueued_at, loras, memory_min_bytes, work_ms)
      values (v_id, v_workspace, v_level, v_model, v_now, public.request_loras(p->'request'), public.memory_need(v_model, p->'request'),
        (p->>'expected')::bigint - (p->>'surcharge')::bigint);
  end if;
  update public.credit_account a
    set active_jobs = a.active_jobs + v_queued::integer, backlogged_jobs = a.backlogged_jobs + (not v_queued)::integer,
        running_max = v_running_max, api_calls_in_period = a.api_calls_in_period + (v_key is not null)::integer
    where a.workspace_id = v_workspace;
  insert into public.member_usage as u (workspace_id, user_id, period_start, held)
    values (v_workspace, p->>'user_id', v_account.period_start, v_ceiling)
    on conflict (workspace_id, user_id, period_start) do update set held = u.held + excluded.held;
  if v_key is not null then
    insert into public.api_key_usage as u (key_id, workspace_id, period_start, held) values (v_key, v_workspace, v_account.period_start, v_ceiling)
      on conflict (key_id, period_start) do update set held = u.held + excluded.held;
  end if;
  -- A bigger plan may have made room: then the oldest go first, perhaps this one with them.
  if not v_queued and v_account.active_jobs < v_running_max then
    perform public.promote_backlog(v_workspace, v_now);
    v_queued := exists (select from public.ready r where r.generation_id = v_id);
  end if;

  v_response := jsonb_build_object(
    'job_id', v_id, 'status', case when v_queued then 'queued' else 'backlogged' end,
    'held_credits', trim_scale(v_held / 1000.0), 'ceiling_credits', trim_scale(v_ceiling / 1000.0),
    'position', case when v_queued then v_position else least(1000, v_account.backlogged_jobs + 1) end,
    'created_at', public.iso(v_now));
  if v_idempotency is not null then
    insert into public.idempotency (workspace_id, key, fingerprint, status_code, response, created_at)
      values (v_workspace, v_idempotency, p->'idempotency'->>'fingerprint', 202, v_response, v_now);
  end if;
  return jsonb_build_object('outcome', 'accepted', 'response', v_response);
end $$;
alter function public.submit_generation(jsonb) owner to pingvas_queue;
revoke all on function public.submit_generation(jsonb) from public;
