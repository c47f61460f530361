-- Gives back what a generation cost (p_amount null: all that is left), to the grants that paid it, the last payer first: bought credits
-- return before the month's. A part that belongs to an expired grant expires in the same transaction. Returns the milli-credits refunded,
-- never more than was captured and not refunded yet; the same reference again returns what it refunded then.
create or replace function public.ledger_refund(
  p_workspace uuid, p_generation uuid, p_amount bigint, p_reference text, p_reason text, p_now timestamptz
) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  a public.credit_account := public.ledger_advance(p_workspace, p_now);
  v_before uuid;
  v_paid bigint;
  v_refund bigint;
  v_grants uuid[];
  v_entry uuid;
begin
  if a.workspace_id is null then
    raise exception 'workspace % has no credit account', p_workspace using errcode = 'no_data_found';
  end if;
  select t.transaction_id into v_before from public.ledger_transaction t where t.workspace_id = p_workspace and t.reference = p_reference;
  if found then
    return coalesce((select e.amount from public.ledger_entry e where e.transaction_id = v_before and e.account = 'workspace'), 0);
  end if;
  -- Refunds made before are in it with a negative sign.
  select coalesce(sum(c.amount), 0) into v_paid
  from public.ledger_transaction t
  join public.ledger_entry e using (transaction_id)
  join public.grant_consumption c on c.entry_id = e.entry_id
  where t.workspace_id = p_workspace and t.generation_id = p_generation;
  v_refund := greatest(least(coalesce(p_amount, v_paid), v_paid), 0);
  v_entry := public.ledger_post(
    p_workspace, public.ledger_id(), 'refund', p_reference, p_reason, v_refund, 'refunded', 0, p_generation, null, null, p_now);
  if v_refund = 0 then
    return 0;
  end if;
  with paid as (
    select c.grant_id, sum(c.amount) as amount
    from public.ledger_transaction t
    join public.ledger_entry e using (transaction_id)
    join public.grant_consumption c on c.entry_id = e.entry_id
    where t.workspace_id = p_workspace and t.generation_id = p_generation
    group by c.grant_id
  ), payer as (
    select paid.grant_id, paid.amount,
      sum(paid.amount) over (order by g.priority desc, g.expires_at desc, g.created_at desc, g.grant_id desc rows unbounded preceding)
        - paid.amount as before
    from paid join public.credit_grant g using (grant_id)
  ), share as (
    select payer.grant_id, least(payer.amount, v_refund - payer.before) as amount
    from payer where payer.before < v_refund and payer.amount > 0
  ), consumption as (
    insert into public.grant_consumption (entry_id, grant_id, workspace_id, amount)
    select v_entry, share.grant_id, p_workspace, -share.amount from share
  ), given_back as (
    update public.credit_grant g set remaining = g.remaining + share.amount from share where g.grant_id = share.grant_id
    returning g.grant_id
  )
  select array_agg(grant_id) into v_grants from given_back;
  update public.credit_account c set used_in_period = greatest(c.used_in_period - v_refund, 0)
  where c.workspace_id = p_workspace and exists (
    select from public.ledger_transaction t join public.credit_hold h using (hold_id)
    where t.workspace_id = p_workspace and t.generation_id = p_generation and t.kind = 'capture' and h.period_start = c.period_start);
  perform public.ledger_expire(p_workspace, v_grants, 'expiry:' || p_reference, p_now, p_now);
  -- A grant that was used up may be due again.
  update public.credit_account c set next_due_at = least(c.next_due_at, (
    select min(g.expires_at) from public.credit_grant g where g.grant_id = any (v_grants) and g.expires_at > p_now))
  where c.workspace_id = p_workspace;
  return v_refund;
end $$;
alter function public.ledger_refund(uuid, uuid, bigint, text, text, timestamptz) owner to pingvas_queue;
revoke all on function public.ledger_refund(uuid, uuid, bigint, text, text, timestamptz) from public;
grant execute on function public.ledger_refund(uuid, uuid, bigint, text, text, timestamptz) to pingvas_queue;
