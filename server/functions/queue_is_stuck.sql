-- True when leases have run out and nobody sweeps them: the chores process is down. An answer for health, so it names no job.
create or replace function public.queue_is_stuck() returns boolean
language sql stable security definer
set search_path = ''
as $$
  select exists (select from public.running r where r.lease_until < now() - interval '30 seconds')
$$;
alter function public.queue_is_stuck() owner to pingvas_queue;
revoke all on function public.queue_is_stuck() from public;
grant execute on function public.queue_is_stuck() to pingvas_app;
