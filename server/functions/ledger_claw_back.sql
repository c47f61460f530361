-- Takes back up to p_amount of one grant whose payment was given back: what is left of it and no hold has reserved. Returns the milli-credits taken; the
-- same reference again returns the same. Frozen or expired grants too: nothing is left of an expired one.
create or replace function public.ledger_claw_back(
  p_workspace uuid, p_grant uuid, p_amount bigint, p_reference text, p_reason text, p_now timestamptz
) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  a public.credit_account := public.ledger_advance(p_workspace, p_now);
  g public.credit_grant;
  v_before uuid;
  v_taken bigint;
  v_entry uuid;
begin
  select t.transaction_id into v_before from public.ledger_transaction t where t.workspace_id = p_workspace and t.reference = p_reference;
  if found then
    return coalesce((select -e.amount from public.ledger_entry e where e.transaction_id = v_before and e.account = 'workspace'), 0);
  end if;
  select * into g from public.credit_grant where grant_id = p_grant and workspace_id = p_workspace and kind <> 'contract';
  if a.workspace_id is null or g.grant_id is null then
    raise exception 'no grant % in workspace %', p_grant, p_workspace using errcode = 'no_data_found';
  end if;
  v_taken := greatest(least(g.remaining - g.reserved, p_amount), 0);
  v_entry := public.ledger_post(
    p_workspace, public.ledger_id(), 'adjustment', p_reference, p_reason, -v_taken, 'adjustment', 0, null, null, null, p_now);
  if v_taken > 0 then
    insert into public.grant_consumption (entry_id, grant_id, workspace_id, amount) values (v_entry, p_grant, p_workspace, v_taken);
    update public.credit_grant set remaining = remaining - v_taken where grant_id = p_grant;
  end if;
  return v_taken;
end $$;
alter function public.ledger_claw_back(uuid, uuid, bigint, text, text, timestamptz) owner to pingvas_queue;
revoke all on function public.ledger_claw_back(uuid, uuid, bigint, text, text, timestamptz) from public;
grant execute on function public.ledger_claw_back(uuid, uuid, bigint, text, text, timestamptz) to pingvas_queue;
