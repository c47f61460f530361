-- Gives a worker the job it should render next, with a lease, or null. Looks at heads of lanes (workspace, model, level) only: per level the 20 oldest
-- and the 20 oldest of the loaded model, so with the five levels of the plans at most 200. Takes no account row, and waits for no lock in `ready`.
-- Every table is reached by an array of keys or a constant limit: a parameterised limit joined back to its table becomes a hash join over all of it.
create or replace function public.claim_generation(p jsonb) returns jsonb
language plpgsql security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
declare
  v_now constant timestamptz := now();
  v_models constant text[] := array(select jsonb_array_elements_text(p->'models'));
  v_loaded constant text := p->>'loaded_model';
  v_worker public.worker;
  v_levels_all constant smallint[] := array[10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
  v_heads uuid[];
  v_ids uuid[];
  v_front uuid;
  -- A device whose memory is not known is tried.
  v_memory bigint;
  v_picked uuid;
  v_job public.generation;
  v_lease_until constant timestamptz := v_now + (p->>'lease_s')::integer * interval '1 second';
begin
  select * into v_worker from public.worker w where w.worker_id = (p->>'worker_id')::uuid;
  -- One that was forgotten must register again; one that is leaving gets nothing new.
  if not found or v_worker.draining then return null; end if;
  v_memory := coalesce(v_worker.memory_bytes, 9223372036854775807);

  v_heads := array(
    select head.generation_id
    from unnest(v_levels_all) l(level)
    cross join lateral (
      (select oldest.generation_id
        from (select r.* from public.ready r where r.level = l.level order by r.enqueued_at, r.generation_id limit 200) oldest
        where oldest.model_id = any(v_models) and oldest.loras <@ v_worker.loras and oldest.memory_min_bytes <= v_memory
          and not exists (
            select from public.ready o
            where o.workspace_id = oldest.workspace_id and o.model_id = oldest.model_id and o.level = oldest.level
              and o.loras <@ v_worker.loras and o.memory_min_bytes <= v_memory
              and (o.enqueued_at, o.generation_id) < (oldest.enqueued_at, oldest.generation_id))
        order by oldest.enqueued_at, oldest.generation_id limit 20)
      union
      (select r.generation_id
        from public.ready r
        where r.model_id = v_loaded and r.level = l.level and v_loaded = any(v_models) and r.loras <@ v_worker.loras and r.memory_min_bytes <= v_memory
          and not exists (
            select from public.ready o
            where o.workspace_id = r.workspace_id and o.model_id = r.model_id and o.level = r.level
              and o.loras <@ v_worker.loras and o.memory_min_bytes <= v_memory
              and (o.enqueued_at, o.generation_id) < (r.enqueued_at, r.generation_id))
        order by r.enqueued_at, r.generation_id limit 20)
    ) head);
  -- The oldest 200 of every level want models this worker lacks: then the oldest of each of its own.
  if cardinality(v_heads) = 0 then
    v_heads := array(
      select head.generation_id
      from unnest(v_models) m(model_id)
      cross join unnest(v_levels_all) l(level)
      cross join lateral (
        select r.generation_id from public.ready r
        where r.model_id = m.model_id and r.level = l.level and r.loras <@ v_worker.loras and r.memory_min_bytes <= v_memory
        order by r.enqueued_at, r.generation_id limit 1) head
      limit 200);
  end if;
  if cardinality(v_heads) = 0 then return null; end if;

  with head as materialized (
    select r.generation_id, r.workspace_id, r.model_id, r.level, r.enqueued_at, r.bypassed,
      greatest(0, (extract(epoch from v_now - r.enqueued_at) * 1000)::bigint) as waited_ms
    from public.ready r where r.generation_id = any(v_heads)
  ), wanted as materialized (
    select m.model_id,
      -- A model that another worker has in memory is that one's to serve: loading it here counts three times.
      case when m.model_id = v_loaded then 0
        when exists (select from public.worker w
          where w.loaded_model = m.model_id and not w.draining and w.seen_at > v_now - interval '15 seconds') then 3 * m.load_ms
        else m.load_ms end as swap_ms,
      (select count(*) from (select from public.ready r where r.model_id = m.model_id limit 32) wanting)::integer as queued
    from public.model m where m.model_id = any(array(select h.model_id from head h))
  ), busy as materialized (
    select r.workspace_id, count(*) as jobs from public.running r
    where r.workspace_id = any(array(select h.workspace_id from head h)) group by r.workspace_id
  ), owner as materialized (
    -- What is running now counts as ten seconds a job until its real time is known.
    select a.workspace_id, public.recent_gpu(a.recent_gpu_ms, a.recent_gpu_at, v_now) + 10000 * coalesce(b.jobs, 0) as gpu_ms
    from public.credit_account a left join busy b on b.workspace_id = a.workspace_id
    where a.workspace_id = any(array(select h.workspace_id from head h))
  ), scored as (
    select h.generation_id, h.enqueued_at, public.effective_level(h.level, h.waited_ms) as effective,
      public.claim_score(h.level, h.waited_ms, w.swap_ms, w.queued, o.gpu_ms, h.bypassed) as score
    from head h join wanted w on w.model_id = h.model_id join owner o on o.workspace_id = h.workspace_id
  )
  select array_agg(s.generation_id order by s.score desc, s.enqueued_at, s.generation_id),
    (array_agg(s.generation_id order by s.effective desc, s.enqueued_at, s.generation_id))[1]
    into v_ids, v_front
    from scored s;

  for i in 1 .. coalesce(cardinality(v_ids), 0) loop
    delete from public.ready r where r.generation_id = any(array(
      select c.generation_id from public.ready c
      where c.generation_id = v_ids[i]
        and exists (select from public.generation g where g.generation_id = c.generation_id and g.start_by > v_now)
      for update of c skip locked));
    if found then
      v_picked := v_ids[i];
      exit;
    end if;
  end loop;
  if v_picked is null then return null; end if;

  insert into public.running (generation_id, workspace_id, worker_id, attempt, lease_until)
    select g.generation_id, g.workspace_id, v_worker.worker_id, g.attempt + 1, v_lease_until
    from public.generation g where g.generation_id = v_picked;
  update public.generation g
    set status = 'running', attempt = g.attempt + 1, version = g.version + 1, started_at = v_now, updated_at = v_now
    where g.generation_id = v_picked
    returning * into v_job;
  insert into public.generation_attempt (generation_id, number, workspace_id, worker_id, worker_name, device, device_class, started_at)
    values (v_job.generation_id, v_job.attempt, v_job.workspace_id, v_worker.worker_id, v_worker.name, v_worker.device, v_worker.device_class, v_now);

  -- The one a strict order would have taken was passed over: after 20 times it goes first.
  if v_front <> v_picked then
    update public.ready r set bypassed = r.bypassed + 1
      where r.generation_id = any(array(
        select c.generation_id from public.ready c where c.generation_id = v_front for update skip locked));
  end if;
  -- What it renders next will be in its memory.
  update public.worker w set loaded_model = v_job.model_id, seen_at = v_now where w.worker_id = v_worker.worker_id;

  return jsonb_build_object(
    'generation_id', v_job.generation_id, 'workspace_id', v_job.workspace_id, 'attempt', v_job.attempt,
    'model_id', v_job.model_id, 'mode', v_job.mode, 'request', v_job.request, 'timeout_ms', v_job.timeout_ms,
    'lease_until', public.iso(v_lease_until), 'created_at', public.iso(v_job.created_at),
    'expected', v_job.expected, 'ceiling', v_job.ceiling, 'surcharge', v_job.surcharge,
    'reproduction_of', v_job.reproduction_of, 'requeue_of', v_job.requeue_of,
    'reproduces', (
      select jsonb_build_object('storage_key', i.storage_key, 'model', i.recipe->'model', 'sources', coalesce(i.recipe->'sources', '{}'))
      from public.image i where i.image_id = v_job.reproduction_of and i.workspace_id = v_job.workspace_id),
    'inputs', (
      select coalesce(jsonb_agg(jsonb_build_object('image_id', i.image_id, 'storage_key', i.storage_key, 'sha256', i.sha256, 'role', x.role)), '[]')
      from (
        values (v_job.request->>'init_image_id', 'init'), (v_job.request->>'mask_image_id', 'mask')
        union select c->>'image_id', 'control' from jsonb_array_elements(coalesce(v_job.request->'control', '[]')) c
        union select f->>'image_id', 'reference' from jsonb_array_elements(coalesce(v_job.request->'reference_images', '[]')) f
      ) x(id, role)
      join public.image i on i.image_id = x.id::uuid and i.workspace_id = v_job.workspace_id));
end $$;
alter function public.claim_generation(jsonb) owner to pingvas_queue;
revoke all on function public.claim_generation(jsonb) from public;
grant execute on function public.claim_generation(jsonb) to pingvas_worker;
