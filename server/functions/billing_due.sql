-- Workspaces at which billing has to look because time has passed, the longest waiting first.
create or replace function public.billing_due(p_now timestamptz, p_limit integer) returns setof uuid
language sql stable security definer
set search_path = ''
as $$
  select b.workspace_id from public.billing_state b where b.look_again_at <= p_now order by b.look_again_at limit p_limit
$$;
alter function public.billing_due(timestamptz, integer) owner to pingvas_queue;
revoke all on function public.billing_due(timestamptz, integer) from public;
grant execute on function public.billing_due(timestamptz, integer) to pingvas_app;
