-- A worker that is leaving gets no new job. The operator may send one away as well.
create or replace function public.drain_worker(p_worker uuid) returns boolean
language plpgsql security definer
set search_path = ''
as $$
begin
  update public.worker w set draining = true where w.worker_id = p_worker;
  return found;
end $$;
alter function public.drain_worker(uuid) owner to pingvas_queue;
revoke all on function public.drain_worker(uuid) from public;
grant execute on function public.drain_worker(uuid) to pingvas_worker, pingvas_admin;
