-- A worker reports itself, again whenever it was forgotten or its models changed.
create or replace function public.register_worker(p jsonb) returns void
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into public.worker as w (worker_id, name, engine, device, device_class, models, loaded_model, loras, memory_bytes)
    values ((p->>'worker_id')::uuid, p->>'name', p->>'engine', p->>'device', p->>'device_class',
      array(select jsonb_array_elements_text(p->'models')), p->>'loaded_model',
      array(select jsonb_array_elements_text(coalesce(p->'loras', '[]'))), (p->>'memory_bytes')::bigint)
    on conflict (worker_id) do update
      set name = excluded.name, engine = excluded.engine, device = excluded.device, device_class = excluded.device_class,
          models = excluded.models, loaded_model = excluded.loaded_model, loras = excluded.loras, memory_bytes = excluded.memory_bytes,
          draining = w.draining, seen_at = now(), reported_at = now();
end $$;
alter function public.register_worker(jsonb) owner to pingvas_queue;
revoke all on function public.register_worker(jsonb) from public;
grant execute on function public.register_worker(jsonb) to pingvas_worker;
