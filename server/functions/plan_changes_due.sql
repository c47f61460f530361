-- Workspaces whose change of product is to be sent to the provider now, the longest waiting first.
create or replace function public.plan_changes_due(p_now timestamptz, p_limit integer) returns setof uuid
language sql stable security definer
set search_path = ''
as $$
  select c.workspace_id from public.plan_change c where c.send_at <= p_now order by c.send_at limit p_limit
$$;
alter function public.plan_changes_due(timestamptz, integer) owner to pingvas_queue;
revoke all on function public.plan_changes_due(timestamptz, integer) from public;
grant execute on function public.plan_changes_due(timestamptz, integer) to pingvas_app;
