-- Forgets answers older than 24 hours. Returns how many.
create or replace function public.sweep_idempotency() returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
  v_count bigint;
begin
  delete from public.idempotency where created_at < now() - interval '24 hours';
  get diagnostics v_count = row_count;
  return v_count;
end $$;
alter function public.sweep_idempotency() owner to pingvas_queue;
revoke all on function public.sweep_idempotency() from public;
grant execute on function public.sweep_idempotency() to pingvas_app;
