-- Ends a hold without payment. What it reserved in a grant that has expired since expires now. Returns the milli-credits that are no longer
-- held; 0 when the hold has ended already.
create or replace function public.ledger_release(p_workspace uuid, p_hold uuid, p_now timestamptz) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  a public.credit_account := public.ledger_advance(p_workspace, p_now);
  h public.credit_hold;
  v_grants uuid[];
begin
  select * into h from public.credit_hold where hold_id = p_hold and workspace_id = p_workspace for update;
  if not found then
    raise exception 'no hold % in workspace %', p_hold, p_workspace using errcode = 'no_data_found';
  end if;
  if h.state <> 'open' then
    return 0;
  end if;
  update public.credit_hold set state = 'released', ended_at = p_now where hold_id = p_hold;
  if h.amount > 0 then
    update public.credit_account set held = held - h.amount where workspace_id = p_workspace;
    with given_back as (
      update public.credit_grant g set reserved = g.reserved - s.amount
      from public.credit_hold_slice s where s.hold_id = p_hold and g.grant_id = s.grant_id
      returning g.grant_id
    )
    select array_agg(grant_id) into v_grants from given_back;
    perform public.ledger_expire(p_workspace, v_grants, 'expiry:' || p_hold, p_now, p_now);
  end if;
  return h.amount;
end $$;
alter function public.ledger_release(uuid, uuid, timestamptz) owner to pingvas_queue;
revoke all on function public.ledger_release(uuid, uuid, timestamptz) from public;
grant execute on function public.ledger_release(uuid, uuid, timestamptz) to pingvas_queue;
