-- Ends what a job reserved in the budgets of its key and its member, and books what it cost (milli-credits, 0 = nothing) where it was reserved: in the
-- period of the hold. The caller holds the account's lock.
create or replace function public.end_budget_use(p_job public.generation, p_charged bigint) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_spent bigint;
begin
  if p_job.user_id is not null then
    update public.member_usage u set held = u.held - p_job.ceiling, spent = u.spent + p_charged
      where u.workspace_id = p_job.workspace_id and u.user_id = p_job.user_id and u.period_start = p_job.period_start
      returning u.spent into v_spent;
    if p_charged > 0 then
      perform public.alert_budget(p_job.workspace_id, 'member', p_job.user_id, p_job.period_start, v_spent, m.monthly_credit_budget, false)
        from public.workspace_member m
        where m.workspace_id = p_job.workspace_id and m.user_id = p_job.user_id and m.monthly_credit_budget is not null;
    end if;
  end if;
  if p_job.api_key_id is not null then
    update public.api_key_usage u set held = u.held - p_job.ceiling, spent = u.spent + p_charged
      where u.key_id = p_job.api_key_id and u.period_start = p_job.period_start
      returning u.spent into v_spent;
    if p_charged > 0 then
      perform public.alert_budget(p_job.workspace_id, 'key', k.key_id::text, p_job.period_start, v_spent, k.monthly_credit_budget, false)
        from public.api_key k where k.key_id = p_job.api_key_id and k.monthly_credit_budget is not null;
    end if;
  end if;
end $$;
alter function public.end_budget_use(public.generation, bigint) owner to pingvas_queue;
revoke all on function public.end_budget_use(public.generation, bigint) from public;
