-- Gives workers the jobs they should render next, each with a lease, or null. `p` is a list of claims {worker_id, models, loaded_model, lease_s}, made by one
-- process at about the same time; the answers have its order. Claims that could take the same jobs are decided together, exactly as one after another.
-- Every table is reached by an array of keys or a constant limit: a parameterised limit joined back to its table becomes a hash join over all of it.
create or replace function public.claim_generations(p jsonb) returns jsonb
language plpgsql security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
declare
  v_now constant timestamptz := now();
  v_group record;
  v_workers uuid[];
  v_numbers bigint[];
  v_picked uuid[];
  v_answers jsonb := '{}';
begin
  -- One that was forgotten must register again; one that is leaving gets nothing new. A device whose memory is not known is tried.
  for v_group in
    select c.models, c.loaded_model, c.lease_s, w.loras, coalesce(w.memory_bytes, 9223372036854775807) as memory_bytes,
      array_agg(w.worker_id order by c.n) as workers, array_agg(c.n order by c.n) as numbers
    from (
      select e.n, (e.body->>'worker_id')::uuid as worker_id, e.body->>'loaded_model' as loaded_model, (e.body->>'lease_s')::integer as lease_s,
        array(select m.id from jsonb_array_elements_text(e.body->'models') m(id) order by m.id) as models
      from jsonb_array_elements(p) with ordinality e(body, n)) c
    join public.worker w on w.worker_id = c.worker_id and not w.draining
    group by 1, 2, 3, 4, 5
  loop
    v_workers := v_group.workers;
    v_numbers := v_group.numbers;
    loop
      v_picked := public.pick_generations(
        v_group.models, v_group.loaded_model, v_group.loras, v_group.memory_bytes, cardinality(v_workers), v_now);
      exit when cardinality(v_picked) = 0;
      insert into public.running (generation_id, workspace_id, worker_id, attempt, lease_until)
        select g.generation_id, g.workspace_id, x.worker_id, g.attempt + 1, v_now + v_group.lease_s * interval '1 second'
        from unnest(v_picked, v_workers[1:cardinality(v_picked)]) x(generation_id, worker_id)
        join public.generation g on g.generation_id = x.generation_id;
      with job as (
        update public.generation g
          set status = 'running', attempt = g.attempt + 1, version = g.version + 1, started_at = v_now, updated_at = v_now
          where g.generation_id = any(v_picked)
          returning g.*
      ), place as materialized (
        select j.*, w.worker_id, w.name as worker_name, w.device, w.device_class, x.n,
          -- Most jobs are made from words alone.
          j.request->>'init_image_id' is not null or j.request->>'mask_image_id' is not null
            or coalesce(j.request->'control', '[]') <> '[]' or coalesce(j.request->'reference_images', '[]') <> '[]' as has_inputs
        from job j
        join unnest(v_picked, v_workers[1:cardinality(v_picked)], v_numbers[1:cardinality(v_picked)]) x(generation_id, worker_id, n)
          on x.generation_id = j.generation_id
        join public.worker w on w.worker_id = x.worker_id
      ), attempt as (
        insert into public.generation_attempt (generation_id, number, workspace_id, worker_id, worker_name, device, device_class, started_at)
          select j.generation_id, j.attempt, j.workspace_id, j.worker_id, j.worker_name, j.device, j.device_class, v_now from place j
      ), seen as (
        update public.worker w set loaded_model = j.model_id, seen_at = v_now from place j where w.worker_id = j.worker_id
      )
      select v_answers || jsonb_object_agg(j.n::text, jsonb_build_object(
        'generation_id', j.generation_id, 'workspace_id', j.workspace_id, 'attempt', j.attempt,
        'model_id', j.model_id, 'mode', j.mode, 'request', j.request, 'timeout_ms', j.timeout_ms,
        'lease_until', public.iso(v_now + v_group.lease_s * interval '1 second'), 'created_at', public.iso(j.created_at),
        'expected', j.expected, 'ceiling', j.ceiling, 'surcharge', j.surcharge,
        'reproduction_of', j.reproduction_of, 'requeue_of', j.requeue_of,
        'reproduces', case when j.reproduction_of is not null then (
          select jsonb_build_object('storage_key', i.storage_key, 'model', i.recipe->'model', 'sources', coalesce(i.recipe->'sources', '{}'))
          from public.image i where i.image_id = j.reproduction_of and i.workspace_id = j.workspace_id) end,
        'inputs', case when j.has_inputs then (
          select coalesce(jsonb_agg(jsonb_build_object('image_id', i.image_id, 'storage_key', i.storage_key, 'sha256', i.sha256, 'role', x.role)), '[]')
          from (
            values (j.request->>'init_image_id', 'init'), (j.request->>'mask_image_id', 'mask')
            union select c->>'image_id', 'control' from jsonb_array_elements(coalesce(j.request->'control', '[]')) c
            union select f->>'image_id', 'reference' from jsonb_array_elements(coalesce(j.request->'reference_images', '[]')) f
          ) x(id, role)
          join public.image i on i.image_id = x.id::uuid and i.workspace_id = j.workspace_id) else '[]' end))
        into v_answers from place j;
      exit when cardinality(v_picked) = cardinality(v_workers);
      v_numbers := v_numbers[cardinality(v_picked) + 1:];
      v_workers := v_workers[cardinality(v_picked) + 1:];
    end loop;
  end loop;
  return (select jsonb_agg(v_answers->e.n::text order by e.n) from jsonb_array_elements(p) with ordinality e(body, n));
end $$;
alter function public.claim_generations(jsonb) owner to pingvas_queue;
revoke all on function public.claim_generations(jsonb) from public;
grant execute on function public.claim_generations(jsonb) to pingvas_worker;
