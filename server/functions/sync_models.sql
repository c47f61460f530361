-- A worker tells what its engine has. Rows that follow workers are brought up to date, the operator's stay as they are; what is unknown is added when
-- `add` says so. Answers the catalogue's id of everything the worker may offer, by the engine's key: what is not there is not offered.
create or replace function public.sync_models(p jsonb) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  v_engine constant text := p->>'engine';
begin
  if (p->>'add')::boolean then
    insert into public.model (model_id, engine, name, base, capabilities, load_ms, image_ms)
      select r.key, v_engine, r.name, r.base, r.capabilities, r.load_ms, r.image_ms
      from jsonb_to_recordset(p->'models') r(key text, name text, base text, capabilities jsonb, load_ms integer, image_ms integer)
      where not exists (select from public.model m where m.engine = v_engine and r.key = any(m.engine_keys))
      order by r.key
      on conflict (model_id) do nothing;
    insert into public.lora (lora_id, engine, name, base, trigger_words, weight)
      select r.key, v_engine, r.name, r.base, array(select jsonb_array_elements_text(r.trigger_words)), r.weight
      from jsonb_to_recordset(p->'loras') r(key text, name text, base text, trigger_words jsonb, weight real)
      where not exists (select from public.lora l where l.engine = v_engine and r.key = any(l.engine_keys))
      order by r.key
      on conflict (lora_id) do nothing;
  end if;
  update public.model m
    set name = r.name, base = r.base, capabilities = r.capabilities, load_ms = r.load_ms, image_ms = r.image_ms
    from jsonb_to_recordset(p->'models') r(key text, name text, base text, capabilities jsonb, load_ms integer, image_ms integer)
    where m.model_id = r.key and m.engine = v_engine and m.follows_worker
      and (m.name, m.base, m.capabilities, m.load_ms, m.image_ms) is distinct from (r.name, r.base, r.capabilities, r.load_ms, r.image_ms);
  return jsonb_build_object(
    'models', coalesce((
      select jsonb_object_agg(r.key, m.model_id)
      from jsonb_to_recordset(p->'models') r(key text)
      join public.model m on m.engine = v_engine and (m.model_id = r.key or r.key = any(m.engine_keys))), '{}'),
    'loras', coalesce((
      select jsonb_object_agg(r.key, l.lora_id)
      from jsonb_to_recordset(p->'loras') r(key text)
      join public.lora l on l.engine = v_engine and (l.lora_id = r.key or r.key = any(l.engine_keys))), '{}'));
end $$;
alter function public.sync_models(jsonb) owner to pingvas_queue;
revoke all on function public.sync_models(jsonb) from public;
grant execute on function public.sync_models(jsonb) to pingvas_worker;
