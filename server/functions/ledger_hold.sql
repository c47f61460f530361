-- Reserves p_amount in named slices of the live grants, in burn order (priority, earlier expiry, older). Returns the amount held: 0 for
-- Enterprise, -1 when less is available (nothing is written then). The same business is the same hold: its amount is returned again.
-- Needs the account row locked by ledger_advance in this transaction.
create or replace function public.ledger_hold(p_workspace uuid, p_hold uuid, p_business_id text, p_amount bigint, p_now timestamptz) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_amount bigint := p_amount;
  v_available bigint;
  v_unlimited boolean;
begin
  select h.amount into v_available from public.credit_hold h where h.workspace_id = p_workspace and h.business_id = p_business_id;
  if found then
    return v_available;
  end if;
  select w.plan = 'enterprise' into v_unlimited from public.workspace w where w.workspace_id = p_workspace;
  if v_unlimited then
    v_amount := 0;
  else
    select coalesce(sum(g.remaining - g.reserved), 0) into v_available
    from public.credit_grant g
    where g.workspace_id = p_workspace and g.kind <> 'contract' and g.frozen_at is null and g.remaining > g.reserved
      and g.effective_at <= p_now and (g.expires_at is null or g.expires_at > p_now);
    if v_available < p_amount then
      return -1;
    end if;
  end if;
  insert into public.credit_hold (hold_id, workspace_id, business_id, amount, unlimited, period_start, created_at)
  select p_hold, p_workspace, p_business_id, v_amount, v_unlimited, a.period_start, p_now
  from public.credit_account a where a.workspace_id = p_workspace;
  if v_amount > 0 then
    with live as (
      select g.grant_id, g.remaining - g.reserved as free,
        sum(g.remaining - g.reserved) over burn - (g.remaining - g.reserved) as before,
        row_number() over burn as position
      from public.credit_grant g
      where g.workspace_id = p_workspace and g.kind <> 'contract' and g.frozen_at is null and g.remaining > g.reserved
        and g.effective_at <= p_now and (g.expires_at is null or g.expires_at > p_now)
      window burn as (order by g.priority, g.expires_at, g.created_at, g.grant_id rows unbounded preceding)
    ), slice as (
      insert into public.credit_hold_slice (hold_id, position, workspace_id, grant_id, amount)
      select p_hold, live.position, p_workspace, live.grant_id, least(live.free, v_amount - live.before)
      from live where live.before < v_amount
      returning grant_id, amount
    )
    update public.credit_grant g set reserved = g.reserved + slice.amount from slice where g.grant_id = slice.grant_id;
    update public.credit_account set held = held + v_amount where workspace_id = p_workspace;
  end if;
  return v_amount;
end $$;
alter function public.ledger_hold(uuid, uuid, text, bigint, timestamptz) owner to pingvas_queue;
revoke all on function public.ledger_hold(uuid, uuid, text, bigint, timestamptz) from public;
grant execute on function public.ledger_hold(uuid, uuid, text, bigint, timestamptz) to pingvas_queue;
