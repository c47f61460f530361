-- Puts a workspace on a plan from p_now on: its months are counted anew, the first one gets p_grant, the following ones p_clock_grant from the
-- clock (null when an invoice does it). Grants of the plan before stay to their own end. The same reference again changes nothing.
create or replace function public.set_plan(
  p_workspace uuid, p_plan text, p_clock_grant bigint, p_grant bigint, p_reference text, p_now timestamptz
) returns void
language plpgsql security definer
set search_path = ''
as $$
declare
  a public.credit_account := public.ledger_advance(p_workspace, p_now);
  v_anchor timestamptz := date_trunc('milliseconds', p_now);
  v_period record;
begin
  if a.workspace_id is null then
    raise exception 'workspace % has no credit account', p_workspace using errcode = 'no_data_found';
  end if;
  if exists (select from public.ledger_transaction t where t.workspace_id = p_workspace and t.reference = p_reference) then
    return;
  end if;
  select * into v_period from public.ledger_period(v_anchor, v_anchor);
  update public.workspace set plan = p_plan where workspace_id = p_workspace;
  update public.credit_account
  set period_anchor = v_anchor, period_start = v_period.period_start, period_end = v_period.period_end,
    used_in_period = 0, api_calls_in_period = 0, clock_grant = p_clock_grant,
    next_due_at = least(v_period.period_end, (
      select min(g.expires_at) from public.credit_grant g
      where g.workspace_id = p_workspace and g.kind <> 'contract' and g.expires_at > p_now and g.remaining > 0))
  where workspace_id = p_workspace;
  if p_grant > 0 then
    perform public.ledger_issue(
      p_workspace, 'plan', p_grant, p_reference, 'credits of plan ' || p_plan, null, v_period.period_start, v_period.period_end, null, p_now);
  else
    -- No credits come with it; the reference is kept all the same.
    perform public.ledger_post(p_workspace, public.ledger_id(), 'grant', p_reference, 'plan ' || p_plan, 0, 'issued:plan', 0, null, null, null, p_now);
  end if;
end $$;
alter function public.set_plan(uuid, text, bigint, bigint, text, timestamptz) owner to pingvas_queue;
revoke all on function public.set_plan(uuid, text, bigint, bigint, text, timestamptz) from public;
grant execute on function public.set_plan(uuid, text, bigint, bigint, text, timestamptz) to pingvas_queue, pingvas_admin;
