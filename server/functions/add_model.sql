-- Puts a model an engine reports into the catalogue. What is there already is the operator's and stays. Returns true when it was new.
create or replace function public.add_model(p jsonb) returns boolean
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into public.model (model_id, engine, name, base, capabilities, load_ms, image_ms)
    values (p->>'model_id', p->>'engine', p->>'name', p->>'base', p->'capabilities', (p->>'load_ms')::integer, (p->>'image_ms')::integer)
    on conflict (model_id) do nothing;
  return found;
end $$;
alter function public.add_model(jsonb) owner to pingvas_queue;
revoke all on function public.add_model(jsonb) from public;
grant execute on function public.add_model(jsonb) to pingvas_worker;
