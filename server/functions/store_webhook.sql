-- Keeps a delivery that was verified, and causes the chore that applies it, in one transaction. The same delivery again is kept once. Returns true when new.
create or replace function public.store_webhook(p_provider text, p_name text, p_delivery_key text, p_body bytea) returns boolean
language plpgsql security definer
set search_path = ''
as $$
declare
  v_id uuid := public.new_id();
begin
  insert into public.webhook_event (webhook_event_id, provider, name, delivery_key, body, body_sha256)
    values (v_id, p_provider, p_name, p_delivery_key, p_body, sha256(p_body))
    on conflict do nothing;
  if not found then
    return false;
  end if;
  insert into public.outbox (task, payload) values ('apply_webhook', jsonb_build_object('webhook_event_id', v_id));
  return true;
end $$;
alter function public.store_webhook(text, text, text, bytea) owner to pingvas_queue;
revoke all on function public.store_webhook(text, text, text, bytea) from public;
grant execute on function public.store_webhook(text, text, text, bytea) to pingvas_app;
