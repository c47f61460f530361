-- Leaves a chore that tells about a budget when its spent part has reached 50, 80 or 100 %: once per share and period. Several shares passed by one job
-- are one mail, about the highest. Jobs are refused by their ceiling and cost less, so a budget is seldom spent to the last credit: a job refused
-- (p_refused) after 80 % were spent counts as 100.
create or replace function public.alert_budget(
  p_workspace uuid, p_kind text, p_subject text, p_period_start timestamptz, p_spent bigint, p_budget bigint, p_refused boolean
) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_reached constant integer := case
    when p_budget is null or p_spent is null or p_spent = 0 then 0
    when p_spent >= p_budget or p_refused and p_spent * 100 >= p_budget * 80 then 100
    when p_spent * 100 >= p_budget * 80 then 80
    when p_spent * 100 >= p_budget * 50 then 50
    else 0 end;
  v_news integer;
begin
  if v_reached = 0 then return; end if;
  with added as (
    insert into public.budget_alert (workspace_id, subject_kind, subject_id, period_start, threshold)
      select p_workspace, p_kind, p_subject, p_period_start, t from unnest(array[50, 80, 100]) t where t <= v_reached
      on conflict do nothing
      returning threshold
  )
  select max(a.threshold) into v_news from added a;
  if v_news is not null then
    insert into public.outbox (task, payload) values ('send_budget_alert', jsonb_build_object(
      'workspace_id', p_workspace, 'kind', p_kind, 'subject_id', p_subject, 'period_start', public.iso(p_period_start), 'threshold', v_news));
  end if;
end $$;
alter function public.alert_budget(uuid, text, text, timestamptz, bigint, bigint, boolean) owner to pingvas_queue;
revoke all on function public.alert_budget(uuid, text, text, timestamptz, bigint, bigint, boolean) from public;
