-- Gives credits. Returns the grant's id; a reference that was used before changes nothing and returns the grant it made then.
-- A grant that arrives after its own expiry is posted and expired at once, so that the history tells both.
create or replace function public.ledger_grant(
  p_workspace uuid, p_kind text, p_amount bigint, p_reference text, p_reason text,
  p_effective_at timestamptz, p_expires_at timestamptz, p_order_id text, p_now timestamptz
) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  a public.credit_account := public.ledger_advance(p_workspace, p_now);
  v_grant uuid;
begin
  if a.workspace_id is null then
    raise exception 'workspace % has no credit account', p_workspace using errcode = 'no_data_found';
  end if;
  select t.transaction_id into v_grant from public.ledger_transaction t where t.workspace_id = p_workspace and t.reference = p_reference;
  if v_grant is not null then
    return v_grant;
  end if;
  v_grant := public.ledger_issue(p_workspace, p_kind, p_amount, p_reference, p_reason, null, p_effective_at, p_expires_at, p_order_id, p_now);
  if p_expires_at <= p_now then
    perform public.ledger_expire(p_workspace, array[v_grant], 'expiry:' || p_reference, p_now, p_now);
  end if;
  return v_grant;
end $$;
alter function public.ledger_grant(uuid, text, bigint, text, text, timestamptz, timestamptz, text, timestamptz) owner to pingvas_queue;
revoke all on function public.ledger_grant(uuid, text, bigint, text, text, timestamptz, timestamptz, text, timestamptz) from public;
grant execute on function public.ledger_grant(uuid, text, bigint, text, text, timestamptz, timestamptz, text, timestamptz) to pingvas_queue;
