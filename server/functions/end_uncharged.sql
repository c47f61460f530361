-- Ends a job that costs nothing: its hold, its budgets' reservations and its API call go back, its place goes to the next one.
-- The caller holds the account's lock and has removed the job's row in `ready` or `running`.
create or replace function public.end_uncharged(
  p_job public.generation, p_status text, p_error_code text, p_error_detail text, p_now timestamptz
) returns void
language plpgsql
set search_path = ''
as $$
begin
  -- A second run of a dead letter is free and holds nothing.
  if p_job.requeue_of is null then
    perform public.ledger_release(p_job.workspace_id, p_job.generation_id, p_now);
    perform public.end_budget_use(p_job, 0);
  end if;
  update public.credit_account a
    set active_jobs = a.active_jobs - case when p_job.status = 'backlogged' then 0 else 1 end,
        backlogged_jobs = a.backlogged_jobs - case when p_job.status = 'backlogged' then 1 else 0 end,
        -- Only the calls of the present month are counted, so only those can be given back.
        api_calls_in_period = a.api_calls_in_period
          - case when p_job.api_key_id is not null and p_job.requeue_of is null and a.period_start = p_job.period_start
              then least(1, a.api_calls_in_period) else 0 end
    where a.workspace_id = p_job.workspace_id;
  update public.generation g
    set status = p_status, version = g.version + 1, held = 0, charged = 0, error_code = p_error_code, error_detail = p_error_detail,
        finished_at = p_now, updated_at = p_now
    where g.generation_id = p_job.generation_id;
  perform public.promote_backlog(p_job.workspace_id, p_now);
end $$;
alter function public.end_uncharged(public.generation, text, text, text, timestamptz) owner to pingvas_queue;
revoke all on function public.end_uncharged(public.generation, text, text, text, timestamptz) from public;
