-- Corrects an account by hand. p_amount > 0 arrives as a promotional grant without end; < 0 is taken from the live grants in burn order, as far
-- as they go and never from what a hold has reserved. Returns the signed milli-credits that moved; the same reference again returns the same.
create or replace function public.ledger_adjust(p_workspace uuid, p_amount bigint, p_reference text, p_reason text, p_now timestamptz) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  a public.credit_account := public.ledger_advance(p_workspace, p_now);
  v_before uuid;
  v_taken bigint;
  v_entry uuid;
begin
  if a.workspace_id is null then
    raise exception 'workspace % has no credit account', p_workspace using errcode = 'no_data_found';
  end if;
  select t.transaction_id into v_before from public.ledger_transaction t where t.workspace_id = p_workspace and t.reference = p_reference;
  if found then
    return coalesce((select e.amount from public.ledger_entry e where e.transaction_id = v_before and e.account = 'workspace'), 0);
  end if;
  if p_amount > 0 then
    perform public.ledger_issue(p_workspace, 'promotional', p_amount, p_reference, p_reason, 'adjustment', p_now, null, null, p_now);
    return p_amount;
  end if;
  select least(coalesce(sum(g.remaining - g.reserved), 0), -p_amount) into v_taken
  from public.credit_grant g
  where g.workspace_id = p_workspace and g.kind <> 'contract' and g.frozen_at is null and g.remaining > g.reserved
    and g.effective_at <= p_now and (g.expires_at is null or g.expires_at > p_now);
  -- Also when nothing could be taken: a repetition must not take what arrived since.
  v_entry := public.ledger_post(
    p_workspace, public.ledger_id(), 'adjustment', p_reference, p_reason, -v_taken, 'adjustment', 0, null, null, null, p_now);
  with live as (
    select g.grant_id, g.remaining - g.reserved as free,
      sum(g.remaining - g.reserved) over (order by g.priority, g.expires_at, g.created_at, g.grant_id rows unbounded preceding)
        - (g.remaining - g.reserved) as before
    from public.credit_grant g
    where g.workspace_id = p_workspace and g.kind <> 'contract' and g.frozen_at is null and g.remaining > g.reserved
      and g.effective_at <= p_now and (g.expires_at is null or g.expires_at > p_now)
  ), share as (
    select live.grant_id, least(live.free, v_taken - live.before) as amount from live where live.before < v_taken
  ), consumption as (
    insert into public.grant_consumption (entry_id, grant_id, workspace_id, amount)
    select v_entry, share.grant_id, p_workspace, share.amount from share
  )
  update public.credit_grant g set remaining = g.remaining - share.amount from share where g.grant_id = share.grant_id;
  return -v_taken;
end $$;
alter function public.ledger_adjust(uuid, bigint, text, text, timestamptz) owner to pingvas_queue;
revoke all on function public.ledger_adjust(uuid, bigint, text, text, timestamptz) from public;
grant execute on function public.ledger_adjust(uuid, bigint, text, text, timestamptz) to pingvas_queue;
