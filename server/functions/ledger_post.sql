-- Writes one transaction and moves the balance: p_amount on the workspace's side (+ in, - out), the same with the other sign on p_contra.
-- p_overrun is what a job computed beyond its ceiling: booked from `adjustment` to `revenue`, the workspace pays nothing of it.
-- Returns the id of the workspace's entry, null when its side did not move. Inner step: the caller holds the account's lock and has looked for
-- the reference.
create or replace function public.ledger_post(
  p_workspace uuid, p_transaction uuid, p_kind text, p_reference text, p_reason text, p_amount bigint, p_contra text, p_overrun bigint,
  p_generation uuid, p_hold uuid, p_order text, p_now timestamptz
) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_entry uuid;
  v_balance bigint;
begin
  insert into public.ledger_transaction (transaction_id, workspace_id, kind, reference, generation_id, hold_id, order_id, created_at)
  values (p_transaction, p_workspace, p_kind, p_reference, p_generation, p_hold, p_order, p_now);
  if p_reason <> '' then
    insert into public.ledger_text (workspace_id, transaction_id, text) values (p_workspace, p_transaction, p_reason);
  end if;
  if p_amount <> 0 then
    v_entry := public.ledger_id();
    update public.credit_account set balance = balance + p_amount where workspace_id = p_workspace returning balance into v_balance;
    -- A chore seals it into the workspace's hash chain.
    insert into public.ledger_unsealed (workspace_id, entry_id) values (p_workspace, v_entry);
  end if;
  insert into public.ledger_entry (entry_id, transaction_id, workspace_id, account, amount, balance_after, created_at)
  select coalesce(side.entry_id, public.ledger_id()), p_transaction, p_workspace, side.account, side.amount, side.balance_after, p_now
  from (values
    (v_entry, 'workspace', p_amount, v_balance),
    (null, p_contra, -p_amount + p_overrun, null),
    (null, 'adjustment', -p_overrun, null)) as side (entry_id, account, amount, balance_after)
  where side.amount <> 0;
  return v_entry;
end $$;
alter function public.ledger_post(uuid, uuid, text, text, text, bigint, text, bigint, uuid, uuid, text, timestamptz) owner to pingvas_queue;
revoke all on function public.ledger_post(uuid, uuid, text, text, text, bigint, text, bigint, uuid, uuid, text, timestamptz) from public;
grant execute on function public.ledger_post(uuid, uuid, text, text, text, bigint, text, bigint, uuid, uuid, text, timestamptz) to pingvas_queue;
