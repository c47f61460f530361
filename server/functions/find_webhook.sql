-- One delivery of the inbox; nothing when it is not there (any more).
create or replace function public.find_webhook(p_id uuid, out provider text, out body bytea, out outcome text)
language sql stable security definer
set search_path = ''
as $$
  select w.provider, w.body, w.outcome from public.webhook_event w where w.webhook_event_id = p_id
$$;
alter function public.find_webhook(uuid) owner to pingvas_queue;
revoke all on function public.find_webhook(uuid) from public;
grant execute on function public.find_webhook(uuid) to pingvas_app;
