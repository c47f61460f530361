-- A device of this memory was too small for a request, or held it after all. What was too small is remembered and at once asked of the jobs that wait
-- for the model and are in no way smaller; what fitted takes back every lesson that it contradicts. The caller holds its account's lock; of rows in
-- `ready` only those that nobody else has are taken.
create or replace function public.learn_memory(p_model text, p_request jsonb, p_bytes bigint, p_fitted boolean) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_size constant record := public.memory_size(p_request);
begin
  if p_fitted then
    delete from public.memory_lesson l
      where l.model_id = p_model and l.pixels <= v_size.pixels and l.extras <= v_size.extras and l.short_bytes >= p_bytes;
    return;
  end if;
  insert into public.memory_lesson as l (model_id, pixels, extras, short_bytes) values (p_model, v_size.pixels, v_size.extras, p_bytes)
    on conflict (model_id, pixels, extras) do update set short_bytes = greatest(l.short_bytes, excluded.short_bytes), learned_at = now();
  update public.ready r set memory_min_bytes = greatest(r.memory_min_bytes, p_bytes + 1)
    where r.generation_id = any(array(
      select c.generation_id
      from public.ready c
      join public.generation g on g.generation_id = c.generation_id
      cross join lateral public.memory_size(g.request) s
      where c.model_id = p_model and s.pixels >= v_size.pixels and s.extras >= v_size.extras
      for update of c skip locked));
end $$;
alter function public.learn_memory(text, jsonb, bigint, boolean) owner to pingvas_queue;
revoke all on function public.learn_memory(text, jsonb, bigint, boolean) from public;
