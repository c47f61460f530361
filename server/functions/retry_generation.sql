-- What becomes of a running job whose attempt ended without a result: cancelled when its user asked for it, given up when it used its attempts,
-- else back to its old place in the queue. Returns the new status. The caller holds the account's lock and has removed the row in `running`.
create or replace function public.retry_generation(
  p_job public.generation, p_counts boolean, p_error_code text, p_error_detail text, p_now timestamptz
) returns text
language plpgsql
set search_path = ''
as $$
declare
  v_counted smallint := p_job.attempts_counted + case when p_counts then 1 else 0 end;
begin
  update public.generation g set attempts_counted = v_counted where g.generation_id = p_job.generation_id;
  if p_job.cancel_requested_at is not null then
    perform public.end_uncharged(p_job, 'cancelled', null, null, p_now);
    return 'cancelled';
  end if;
  -- The second bound stops a job that is handed back for ever.
  if v_counted >= 3 or p_job.attempt >= 100 then
    perform public.end_uncharged(p_job, 'failed', coalesce(p_error_code, 'attempts_exhausted'), p_error_detail, p_now);
    return 'failed';
  end if;
  insert into public.ready (generation_id, workspace_id, level, model_id, enqueued_at, loras, memory_min_bytes, work_ms)
    values (p_job.generation_id, p_job.workspace_id, p_job.level, p_job.model_id, coalesce(p_job.queued_at, p_now),
      public.request_loras(p_job.request), greatest(p_job.memory_min_bytes, public.memory_need(p_job.model_id, p_job.request)), p_job.expected - p_job.surcharge);
  update public.generation g
    set status = 'queued', version = g.version + 1, started_at = null, updated_at = p_now
    where g.generation_id = p_job.generation_id;
  return 'queued';
end $$;
alter function public.retry_generation(public.generation, boolean, text, text, timestamptz) owner to pingvas_queue;
revoke all on function public.retry_generation(public.generation, boolean, text, text, timestamptz) from public;
