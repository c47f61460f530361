-- The operator puts a dead letter aside: it is no longer listed or counted, and cannot be run again. Its owner sees the failed job as before.
create or replace function public.discard_dead_letter(p_generation uuid) returns text
language plpgsql security definer
set search_path = ''
as $$
declare
  v_status text;
begin
  update public.generation g set discarded_at = now()
    where g.generation_id = p_generation and g.status = 'failed' and g.discarded_at is null;
  if found then return 'discarded'; end if;
  select case when g.status <> 'failed' then 'not_a_dead_letter' else 'already_discarded' end into v_status
    from public.generation g where g.generation_id = p_generation;
  return coalesce(v_status, 'not_found');
end $$;
alter function public.discard_dead_letter(uuid) owner to pingvas_queue;
revoke all on function public.discard_dead_letter(uuid) from public;
grant execute on function public.discard_dead_letter(uuid) to pingvas_admin;
