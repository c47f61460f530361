-- Workspaces with entries that wait for their seal, in order of their ids, after p_after (null: from the first).
create or replace function public.ledger_unsealed_workspaces(p_after uuid, p_limit integer) returns setof uuid
language sql stable security definer
set search_path = ''
as $$
  select distinct u.workspace_id from public.ledger_unsealed u
  where p_after is null or u.workspace_id > p_after order by u.workspace_id limit p_limit
$$;
alter function public.ledger_unsealed_workspaces(uuid, integer) owner to pingvas_queue;
revoke all on function public.ledger_unsealed_workspaces(uuid, integer) from public;
grant execute on function public.ledger_unsealed_workspaces(uuid, integer) to pingvas_app;
