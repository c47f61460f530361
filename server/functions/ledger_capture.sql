-- Ends a hold by paying: takes min(actual, held) from its slices (also from grants that expired since), gives the rest back, books the overrun to
-- `adjustment`. A hold without limit gets a contract grant of the exact amount, consumed at once. Returns the milli-credits captured;
-- for a hold that has ended already, what it captured then.
create or replace function public.ledger_capture(
  p_workspace uuid, p_hold uuid, p_actual bigint, p_generation uuid, p_reason text, p_now timestamptz
) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  a public.credit_account := public.ledger_advance(p_workspace, p_now);
  h public.credit_hold;
  v_actual bigint := greatest(p_actual, 0);
  v_captured bigint;
  v_grants uuid[];
  v_entry uuid;
begin
  select * into h from public.credit_hold where hold_id = p_hold and workspace_id = p_workspace for update;
  if not found then
    raise exception 'no hold % in workspace %', p_hold, p_workspace using errcode = 'no_data_found';
  end if;
  if h.state <> 'open' then
    return coalesce((
      select -e.amount from public.ledger_transaction t join public.ledger_entry e using (transaction_id)
      where t.workspace_id = p_workspace and t.reference = 'capture:' || p_hold and e.account = 'workspace'), 0);
  end if;
  v_captured := case when h.unlimited then v_actual else least(v_actual, h.amount) end;
  update public.credit_hold set state = 'captured', ended_at = p_now where hold_id = p_hold;
  -- The hold goes before the balance does: the balance must cover the holds at every step.
  update public.credit_account
  set held = held - h.amount, used_in_period = used_in_period + case when period_start = h.period_start then v_captured else 0 end
  where workspace_id = p_workspace;
  if h.unlimited and v_captured > 0 then
    -- Its life has no length: a later refund to it expires in the same transaction and leaves nothing to spend.
    v_grants := array[public.ledger_issue(
      p_workspace, 'contract', v_captured, 'contract:' || p_hold, 'usage under contract', null, p_now, p_now, null, p_now)];
  end if;
  if v_actual > 0 then
    v_entry := public.ledger_post(
      p_workspace, public.ledger_id(), 'capture', 'capture:' || p_hold, p_reason, -v_captured, 'revenue', v_actual - v_captured,
      p_generation, p_hold, null, p_now);
  end if;
  if h.unlimited then
    if v_captured > 0 then
      update public.credit_grant set remaining = 0 where grant_id = v_grants[1];
      insert into public.grant_consumption (entry_id, grant_id, workspace_id, amount) values (v_entry, v_grants[1], p_workspace, v_captured);
    end if;
  elsif h.amount > 0 then
    with slice as (
      select s.grant_id, s.amount,
        least(s.amount, greatest(0, v_captured - (sum(s.amount) over (order by s.position) - s.amount))) as paid
      from public.credit_hold_slice s where s.hold_id = p_hold
    ), consumption as (
      insert into public.grant_consumption (entry_id, grant_id, workspace_id, amount)
      select v_entry, slice.grant_id, p_workspace, slice.paid from slice where slice.paid > 0
    ), given_back as (
      update public.credit_grant g set remaining = g.remaining - slice.paid, reserved = g.reserved - slice.amount
      from slice where g.grant_id = slice.grant_id
      returning g.grant_id
    )
    select array_agg(grant_id) into v_grants from given_back;
    perform public.ledger_expire(p_workspace, v_grants, 'expiry:' || p_hold, p_now, p_now);
  end if;
  return v_captured;
end $$;
alter function public.ledger_capture(uuid, uuid, bigint, uuid, text, timestamptz) owner to pingvas_queue;
revoke all on function public.ledger_capture(uuid, uuid, bigint, uuid, text, timestamptz) from public;
grant execute on function public.ledger_capture(uuid, uuid, bigint, uuid, text, timestamptz) to pingvas_queue;
