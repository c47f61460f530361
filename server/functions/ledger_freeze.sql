-- Freezes a grant, or thaws it: while it is frozen nothing new is held in it and nothing is taken from it by hand. Holds that have reserved parts of it go
-- on; it expires as it would have. Returns 1 when that changed it, else 0.
create or replace function public.ledger_freeze(p_workspace uuid, p_grant uuid, p_frozen boolean, p_now timestamptz) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  a public.credit_account := public.ledger_advance(p_workspace, p_now);
begin
  update public.credit_grant g set frozen_at = case when p_frozen then p_now end
    where g.grant_id = p_grant and g.workspace_id = a.workspace_id and (g.frozen_at is not null) <> p_frozen;
  return found::integer;
end $$;
alter function public.ledger_freeze(uuid, uuid, boolean, timestamptz) owner to pingvas_queue;
revoke all on function public.ledger_freeze(uuid, uuid, boolean, timestamptz) from public;
grant execute on function public.ledger_freeze(uuid, uuid, boolean, timestamptz) to pingvas_queue;
