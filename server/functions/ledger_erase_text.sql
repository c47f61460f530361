-- Erases the words of a workspace's ledger with their salts; amounts, times and the chain stay, and stay checkable. For the deletion of an account.
-- Returns how many were erased.
create or replace function public.ledger_erase_text(p_workspace uuid) returns integer
language plpgsql security definer
set search_path = ''
as $$
declare
  v_erased integer;
begin
  delete from public.ledger_text t where t.workspace_id = p_workspace;
  get diagnostics v_erased = row_count;
  return v_erased;
end $$;
alter function public.ledger_erase_text(uuid) owner to pingvas_queue;
revoke all on function public.ledger_erase_text(uuid) from public;
grant execute on function public.ledger_erase_text(uuid) to pingvas_admin;
