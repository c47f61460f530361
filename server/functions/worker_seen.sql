-- An idle worker's sign of life. False: it was forgotten and must register again.
create or replace function public.worker_seen(p_worker uuid, p_loaded_model text) returns boolean
language plpgsql security definer
set search_path = ''
as $$
begin
  update public.worker w set seen_at = now(), loaded_model = p_loaded_model where w.worker_id = p_worker;
  return found;
end $$;
alter function public.worker_seen(uuid, text) owner to pingvas_queue;
revoke all on function public.worker_seen(uuid, text) from public;
grant execute on function public.worker_seen(uuid, text) to pingvas_worker;
