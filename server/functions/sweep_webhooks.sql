-- Removes deliveries that are over for 90 days: they hold names and addresses.
create or replace function public.sweep_webhooks() returns void
language sql security definer
set search_path = ''
as $$
  delete from public.webhook_event where received_at < now() - interval '90 days' and outcome <> 'waiting'
$$;
alter function public.sweep_webhooks() owner to pingvas_queue;
revoke all on function public.sweep_webhooks() from public;
grant execute on function public.sweep_webhooks() to pingvas_app;
