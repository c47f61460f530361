-- Chore: brings up to p_limit accounts to the present whose period or grants have ended. Returns how many. An account that a request is
-- working on is left to that request, which advances it anyway; so this never waits and cannot deadlock.
create or replace function public.ledger_expire_due(p_limit integer) returns integer
language plpgsql security definer
set search_path = ''
as $$
declare
  v_workspace uuid;
  v_count integer := 0;
begin
  for v_workspace in
    select a.workspace_id from public.credit_account a where a.next_due_at <= now() order by a.next_due_at limit p_limit for update skip locked
  loop
    perform public.ledger_advance(v_workspace, now());
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;
alter function public.ledger_expire_due(integer) owner to pingvas_queue;
revoke all on function public.ledger_expire_due(integer) from public;
grant execute on function public.ledger_expire_due(integer) to pingvas_queue, pingvas_app;
