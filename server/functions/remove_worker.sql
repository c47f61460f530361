-- A worker that has handed everything back says goodbye; one that still holds a job stays until its lease decides.
create or replace function public.remove_worker(p_worker uuid) returns boolean
language plpgsql security definer
set search_path = ''
as $$
begin
  delete from public.worker w where w.worker_id = p_worker and not exists (select from public.running r where r.worker_id = p_worker);
  return found;
end $$;
alter function public.remove_worker(uuid) owner to pingvas_queue;
revoke all on function public.remove_worker(uuid) from public;
grant execute on function public.remove_worker(uuid) to pingvas_worker;
