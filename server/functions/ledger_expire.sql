-- Posts the expiry of what these grants have left and no hold has reserved, as one transaction; grants that live on at p_at are left alone.
-- Returns the milli-credits that expired. Inner step: the caller holds the account's lock.
create or replace function public.ledger_expire(p_workspace uuid, p_grants uuid[], p_reference text, p_at timestamptz, p_now timestamptz) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_total bigint;
  v_entry uuid;
begin
  select sum(g.remaining - g.reserved) into v_total
  from public.credit_grant g where g.grant_id = any (p_grants) and g.expires_at <= p_at and g.remaining > g.reserved;
  if v_total is null then
    return 0;
  end if;
  v_entry := public.ledger_post(
    p_workspace, public.ledger_id(), 'expiry', p_reference, 'credits expired', -v_total, 'expired', 0, null, null, null, p_now);
  insert into public.grant_consumption (entry_id, grant_id, workspace_id, amount)
  select v_entry, g.grant_id, p_workspace, g.remaining - g.reserved
  from public.credit_grant g where g.grant_id = any (p_grants) and g.expires_at <= p_at and g.remaining > g.reserved;
  update public.credit_grant g set remaining = g.reserved
  where g.grant_id = any (p_grants) and g.expires_at <= p_at and g.remaining > g.reserved;
  return v_total;
end $$;
alter function public.ledger_expire(uuid, uuid[], text, timestamptz, timestamptz) owner to pingvas_queue;
revoke all on function public.ledger_expire(uuid, uuid[], text, timestamptz, timestamptz) from public;
grant execute on function public.ledger_expire(uuid, uuid[], text, timestamptz, timestamptz) to pingvas_queue;
