-- Puts a workspace on the plan that its subscriptions give. Months are counted from p_anchor: when that is another one the present month is a new one, with
-- nothing used of it. Only a change against what billing has applied before moves anything, so that a plan an operator set stays until billing knows better.
-- p_look_again = when time alone may change something. Returns true when plan or months changed.
create or replace function public.apply_plan(
  p_workspace uuid, p_plan text, p_anchor timestamptz, p_free_credits boolean, p_look_again timestamptz, p_now timestamptz
) returns boolean
language plpgsql security definer
set search_path = ''
as $$
declare
  a public.credit_account;
  s public.billing_state;
  v_period record;
begin
  if nullif(current_setting('app.tenant_id', true), '')::uuid is distinct from p_workspace then
    raise exception 'workspace % is not the one of this transaction', p_workspace using errcode = 'insufficient_privilege';
  end if;
  a := public.ledger_advance(p_workspace, p_now);
  select * into s from public.billing_state b where b.workspace_id = p_workspace;
  if s.plan = p_plan and s.anchor_at = p_anchor and s.free_credits = p_free_credits then
    update public.billing_state b set look_again_at = p_look_again
      where b.workspace_id = p_workspace and b.look_again_at is distinct from p_look_again;
    return false;
  end if;
  insert into public.billing_state as b (workspace_id, plan, anchor_at, free_credits, look_again_at)
    values (p_workspace, p_plan, p_anchor, p_free_credits, p_look_again)
    on conflict (workspace_id) do update
      set plan = excluded.plan, anchor_at = excluded.anchor_at, free_credits = excluded.free_credits, look_again_at = excluded.look_again_at;
  update public.workspace w set plan = p_plan where w.workspace_id = p_workspace and w.plan <> p_plan;
  select * into v_period from public.ledger_period(p_anchor, p_now);
  update public.credit_account c
    set clock_grant = null, period_anchor = p_anchor, period_start = v_period.period_start, period_end = v_period.period_end,
      used_in_period = case when c.period_anchor = p_anchor then c.used_in_period else 0 end,
      api_calls_in_period = case when c.period_anchor = p_anchor then c.api_calls_in_period else 0 end,
      next_due_at = least(v_period.period_end, (
        select min(g.expires_at) from public.credit_grant g
        where g.workspace_id = p_workspace and g.kind <> 'contract' and g.expires_at > p_now and g.remaining > 0))
    where c.workspace_id = p_workspace;
  if p_free_credits then
    -- Whether this address has had its credits of the month is for the chore to find out.
    insert into public.outbox (task, payload)
      select 'grant_free', jsonb_build_object('user_id', w.owner_user_id)
      from public.workspace w where w.workspace_id = p_workspace and w.kind = 'personal';
  end if;
  return true;
end $$;
alter function public.apply_plan(uuid, text, timestamptz, boolean, timestamptz, timestamptz) owner to pingvas_queue;
revoke all on function public.apply_plan(uuid, text, timestamptz, boolean, timestamptz, timestamptz) from public;
grant execute on function public.apply_plan(uuid, text, timestamptz, boolean, timestamptz, timestamptz) to pingvas_app;
