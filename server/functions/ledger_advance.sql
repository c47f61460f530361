-- Takes the lock of a workspace (its account row) and brings the account to p_now: expiries are posted, periods roll, the clock's grants arrive.
-- Every step of money begins with it. Periods that nobody looked at are made up one by one, so that each has its grant and its expiry exactly once.
-- Returns the row after that; a row of nulls when there is no such workspace.
create or replace function public.ledger_advance(p_workspace uuid, p_now timestamptz) returns public.credit_account
language plpgsql
set search_path = ''
as $$
declare
  a public.credit_account;
  v_at timestamptz;
  v_period record;
begin
  select * into a from public.credit_account where workspace_id = p_workspace for update;
  if a.workspace_id is null or a.next_due_at > p_now then
    return a;
  end if;
  loop
    select least(a.period_end, min(g.expires_at)) into v_at
    from public.credit_grant g
    where g.workspace_id = p_workspace and g.kind <> 'contract' and g.expires_at <= p_now and g.remaining > g.reserved;
    exit when v_at > p_now;
    perform public.ledger_expire(
      p_workspace,
      array(select g.grant_id from public.credit_grant g
            where g.workspace_id = p_workspace and g.kind <> 'contract' and g.expires_at <= v_at and g.remaining > g.reserved),
      'expiry:' || public.ledger_instant(v_at), v_at, p_now);
    if a.period_end <= v_at then
      select * into v_period from public.ledger_period(a.period_anchor, a.period_end);
      update public.credit_account
      set period_start = v_period.period_start, period_end = v_period.period_end, used_in_period = 0, api_calls_in_period = 0
      where workspace_id = p_workspace;
      if a.clock_grant > 0 then
        perform public.ledger_issue(
          p_workspace, 'plan', a.clock_grant, 'clock:' || public.ledger_instant(v_period.period_start), 'monthly credits', null,
          v_period.period_start, v_period.period_end, null, p_now);
        update public.free_credit_claim c set period_end = v_period.period_end
        from public.workspace w where c.claimed_by = p_workspace and w.workspace_id = p_workspace and w.plan = 'free';
      end if;
      a.period_start := v_period.period_start;
      a.period_end := v_period.period_end;
    end if;
  end loop;
  update public.credit_account
  set next_due_at = least(period_end, (
    select min(g.expires_at) from public.credit_grant g
    where g.workspace_id = p_workspace and g.kind <> 'contract' and g.expires_at > p_now and g.remaining > 0))
  where workspace_id = p_workspace
  returning * into a;
  return a;
end $$;
alter function public.ledger_advance(uuid, timestamptz) owner to pingvas_queue;
revoke all on function public.ledger_advance(uuid, timestamptz) from public;
grant execute on function public.ledger_advance(uuid, timestamptz) to pingvas_queue;
