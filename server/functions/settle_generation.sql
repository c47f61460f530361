-- Ends an attempt. Result, pictures, charge and state commit together; a worker that no longer holds (job, attempt) changes nothing and reads 'stale'.
-- `billed` (milli-credits) was computed by the caller from the phases; what may be taken of it is the ledger's decision.
-- A step of `settle_generations`, which writes the same for many successes at once.
create or replace function public.settle_generation(p jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_now constant timestamptz := now();
  v_id constant uuid := (p->>'generation_id')::uuid;
  v_counts constant boolean := coalesce((p->>'counts')::boolean, true);
  v_workspace uuid;
  v_job public.generation;
  v_outcome text := p->>'outcome';
  v_attempt_outcome text;
  v_status text;
  v_charged bigint := 0;
  v_bytes bigint := 0;
  v_gpu_ms constant bigint := (coalesce((p->'timings'->>'encode_us')::bigint, 0) + coalesce((p->'timings'->>'denoise_us')::bigint, 0)
    + coalesce((p->'timings'->>'decode_us')::bigint, 0)) / 1000;
begin
  select g.workspace_id into v_workspace from public.generation g where g.generation_id = v_id;
  if not found then return jsonb_build_object('outcome', 'stale', 'status', null, 'charged', 0); end if;
  perform public.ledger_advance(v_workspace, v_now);
  delete from public.running r
    where r.generation_id = v_id and r.attempt = (p->>'attempt')::smallint and r.worker_id = (p->>'worker_id')::uuid;
  if not found then
    select g.status into v_status from public.generation g where g.generation_id = v_id;
    return jsonb_build_object('outcome', 'stale', 'status', v_status, 'charged', 0);
  end if;
  select * into v_job from public.generation g where g.generation_id = v_id;

  -- A cancel nobody asked for may not cost anything: the job is taken as handed back.
  if v_outcome = 'cancelled' and v_job.cancel_requested_at is null then v_outcome := 'retry'; end if;
  v_attempt_outcome := case
    when v_outcome in ('succeeded', 'cancelled') then v_outcome
    when p->>'attempt_outcome' is not null then p->>'attempt_outcome'
    when p->>'error_code' = 'engine_timeout' then 'timed_out'
    when v_counts then 'failed'
    when p->>'error_code' is null then 'drained'
    else 'engine_down' end;
  update public.generation_attempt a
    set outcome = v_attempt_outcome, ended_at = v_now, why = coalesce(p->>'why', ''),
        load_us = coalesce((p->'timings'->>'load_us')::bigint, 0), encode_us = coalesce((p->'timings'->>'encode_us')::bigint, 0),
        denoise_us = coalesce((p->'timings'->>'denoise_us')::bigint, 0), decode_us = coalesce((p->'timings'->>'decode_us')::bigint, 0),
        upload_us = coalesce((p->'timings'->>'upload_us')::bigint, 0),
        billed = case when v_outcome in ('succeeded', 'cancelled') then (p->>'billed')::bigint else 0 end
    where a.generation_id = v_id and a.number = v_job.attempt;
  update public.credit_account a
    set recent_gpu_ms = public.recent_gpu(a.recent_gpu_ms, a.recent_gpu_at, v_now) + v_gpu_ms, recent_gpu_at = v_now
    where a.workspace_id = v_workspace;

  if p->>'memory_more_than' is not null then
    perform public.learn_memory(v_job.model_id, v_job.request, (p->>'memory_more_than')::bigint, false);
  elsif v_outcome = 'succeeded' and p->>'memory_fitted' is not null then
    perform public.learn_memory(v_job.model_id, v_job.request, (p->>'memory_fitted')::bigint, true);
  end if;
  -- The device was too small for the job: only one with more memory may try again, and without one it has failed.
  if p->>'memory_more_than' is not null and v_outcome = 'retry' then
    if exists (
      select from public.worker w
      where w.memory_bytes > (p->>'memory_more_than')::bigint and v_job.model_id = any(w.models) and not w.draining
        and w.seen_at > v_now - interval '15 seconds'
    ) then
      update public.generation g set memory_min_bytes = (p->>'memory_more_than')::bigint + 1
        where g.generation_id = v_id returning * into v_job;
    else
      v_outcome := 'failed';
    end if;
  end if;

  if v_outcome = 'retry' then
    v_status := public.retry_generation(v_job, v_counts, p->>'error_code', p->>'error_detail', v_now);
    -- Handed back by a worker that is leaving, not by its own fault: it is the first of its class again.
    if v_status = 'queued' and v_attempt_outcome = 'drained' then
      update public.ready r
        set enqueued_at = least(r.enqueued_at, (
          select first.enqueued_at - interval '1 microsecond' from public.ready first
          where first.level = r.level and first.generation_id <> r.generation_id order by first.enqueued_at limit 1))
        where r.generation_id = v_id;
    end if;
    return jsonb_build_object('outcome', case when v_status = 'queued' then 'requeued' else 'settled' end, 'status', v_status, 'charged', 0);
  elsif v_outcome = 'failed' then
    update public.generation g
      set attempts_counted = g.attempts_counted + v_counts::integer, reproduction_verdict = nullif(p->'reproduction', 'null')
      where g.generation_id = v_id;
    perform public.end_uncharged(v_job, 'failed', coalesce(p->>'error_code', 'engine_failed'), p->>'error_detail', v_now);
    return jsonb_build_object('outcome', 'settled', 'status', 'failed', 'charged', 0);
  end if;

  insert into public.image (
    image_id, workspace_id, generation_id, kind, position, width, height, seed, size_bytes, sha256, storage_key, engine_info, recipe, created_at
  )
    select coalesce(i.image_id, public.new_id()), v_workspace, v_id, 'result', i.position, i.width, i.height, i.seed, i.size_bytes, i.sha256, i.storage_key,
      coalesce(i.engine_info, '{}'), i.recipe, v_now
    from jsonb_to_recordset(coalesce(p->'images', '[]')) i(
      image_id uuid, position smallint, width integer, height integer, seed bigint, size_bytes bigint, sha256 text, storage_key text,
      engine_info jsonb, recipe jsonb);
  select coalesce(sum((i->>'size_bytes')::bigint), 0) into v_bytes from jsonb_array_elements(coalesce(p->'images', '[]')) i;
  -- A second run of a dead letter is free and holds nothing.
  if v_job.requeue_of is null then
    v_charged := public.ledger_capture(v_workspace, v_id, (p->>'billed')::bigint + v_job.surcharge, v_id,
      -- A fact in no language: the model and how many pictures.
      coalesce((select m.name from public.model m where m.model_id = v_job.model_id), v_job.model_id)
        || ' × ' || jsonb_array_length(coalesce(p->'images', '[]')), v_now);
    perform public.end_budget_use(v_job, v_charged);
  end if;
  update public.credit_account a
    set active_jobs = a.active_jobs - 1, storage_bytes = a.storage_bytes + v_bytes
    where a.workspace_id = v_workspace;
  update public.generation g
    set status = v_outcome, version = g.version + 1, held = 0, charged = v_charged, recipe_sha256 = p->>'recipe_sha256',
        reproduction_verdict = nullif(p->'reproduction', 'null'),
        attempts_counted = g.attempts_counted + 1, finished_at = v_now, updated_at = v_now
    where g.generation_id = v_id;
  perform public.promote_backlog(v_workspace, v_now);
  return jsonb_build_object('outcome', 'settled', 'status', v_outcome, 'charged', v_charged);
end $$;
alter function public.settle_generation(jsonb) owner to pingvas_queue;
revoke all on function public.settle_generation(jsonb) from public;
