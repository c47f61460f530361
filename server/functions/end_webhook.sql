-- Says what came of a delivery.
create or replace function public.end_webhook(p_id uuid, p_outcome text) returns void
language sql security definer
set search_path = ''
as $$
  update public.webhook_event set outcome = p_outcome, ended_at = now() where webhook_event_id = p_id
$$;
alter function public.end_webhook(uuid, text) owner to pingvas_queue;
revoke all on function public.end_webhook(uuid, text) from public;
grant execute on function public.end_webhook(uuid, text) to pingvas_app;
