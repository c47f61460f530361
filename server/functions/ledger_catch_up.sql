-- Brings the workspace of this transaction to the present, for a reader who found it due: between two runs of the chore nobody shall see the month
-- that has ended. Returns false when it is not the workspace of this transaction or does not exist.
create or replace function public.ledger_catch_up(p_workspace uuid) returns boolean
language plpgsql security definer
set search_path = ''
as $$
declare
  a public.credit_account;
begin
  if nullif(current_setting('app.tenant_id', true), '')::uuid is distinct from p_workspace then
    return false;
  end if;
  a := public.ledger_advance(p_workspace, now());
  return a.workspace_id is not null;
end $$;
alter function public.ledger_catch_up(uuid) owner to pingvas_queue;
revoke all on function public.ledger_catch_up(uuid) from public;
grant execute on function public.ledger_catch_up(uuid) to pingvas_queue, pingvas_app;
