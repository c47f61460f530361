-- Double entry: at commit every transaction sums to zero, whoever wrote it. It runs as pingvas_queue because before PostgreSQL 18 a deferred
-- trigger runs as the login that commits, which may not see the entries, and the sum of nothing would pass.
create or replace function public.ledger_transaction_balances() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if (select sum(e.amount) from public.ledger_entry e where e.transaction_id = new.transaction_id) is distinct from 0 then
    raise exception 'ledger transaction % does not sum to zero', new.transaction_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
alter function public.ledger_transaction_balances() owner to pingvas_queue;
revoke all on function public.ledger_transaction_balances() from public;
grant execute on function public.ledger_transaction_balances() to pingvas_queue;
