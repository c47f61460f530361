-- Takes up to p_count jobs out of `ready` for equal workers, in the order in which they would be taken one after another, and returns their ids. Fewer only
-- when no more fit, or when the last one changes the order of the rest (it needs another model loaded, say): then the caller asks again.
-- The best score says which model and level is served; of those that share both, the workspace with the least GPU time of late goes first (`pickHead`).
-- Looks at the front of lanes (workspace, model, level) only: per level the 20 oldest and the 20 oldest of the loaded model among the oldest 200, so with
-- the five levels of the plans at most 200. Takes no account row, and waits for no lock in `ready`.
create or replace function public.pick_generations(
  p_models text[], p_loaded text, p_loras text[], p_memory bigint, p_count integer, p_now timestamptz
) returns uuid[]
language plpgsql
set search_path = ''
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
declare
  v_levels constant smallint[] := array[10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
  v_heads uuid[];
  -- By rank: ids, and whether the ranks of the others still hold once it is taken. By strict order: the rank, and how often it was passed over.
  v_ids uuid[];
  v_goes_on boolean[];
  v_strict integer[];
  v_bypassed integer[];
  v_added integer[];
  v_gone boolean[];
  v_size integer;
  v_front integer := 1;
  v_best integer := 1;
  v_pick integer;
  v_last boolean := false;
  v_picks integer[];
  v_taken uuid[];
  v_result uuid[] := '{}';
begin
  v_heads := array(
    select front.generation_id
    from unnest(v_levels) l(level)
    cross join lateral (
      (select lane.generation_id from (
          select o.*, row_number() over (partition by o.workspace_id, o.model_id order by o.enqueued_at, o.generation_id) as depth
          from (select r.* from public.ready r where r.level = l.level order by r.enqueued_at, r.generation_id limit 200) o
          where o.model_id = any(p_models) and o.loras <@ p_loras and o.memory_min_bytes <= p_memory) lane
        where lane.depth <= p_count order by lane.depth, lane.enqueued_at, lane.generation_id limit 19 + p_count)
      union
      (select lane.generation_id from (
          select o.*, row_number() over (partition by o.workspace_id order by o.enqueued_at, o.generation_id) as depth
          from (
            select r.* from public.ready r where r.model_id = p_loaded and r.level = l.level
            order by r.enqueued_at, r.generation_id limit 200) o
          where p_loaded = any(p_models) and o.loras <@ p_loras and o.memory_min_bytes <= p_memory) lane
        where lane.depth <= p_count order by lane.depth, lane.enqueued_at, lane.generation_id limit 19 + p_count)
    ) front);
  -- The oldest 200 of every level want models this worker lacks: then the oldest of each of its own.
  if cardinality(v_heads) = 0 then
    v_heads := array(
      select head.generation_id
      from unnest(p_models) m(model_id)
      cross join unnest(v_levels) l(level)
      cross join lateral (
        select r.generation_id from public.ready r
        where r.model_id = m.model_id and r.level = l.level and r.loras <@ p_loras and r.memory_min_bytes <= p_memory
        order by r.enqueued_at, r.generation_id limit 1) head
      limit 200);
  end if;
  if cardinality(v_heads) = 0 then return v_result; end if;

  with head as materialized (
    select r.generation_id, r.workspace_id, r.model_id, r.level, r.enqueued_at, r.bypassed,
      greatest(0, (extract(epoch from p_now - r.enqueued_at) * 1000)::bigint) as waited_ms
    from public.ready r where r.generation_id = any(v_heads)
  ), wanted as materialized (
    select m.model_id,
      -- A model that another worker has in memory is that one's to serve: loading it here counts three times.
      case when m.model_id = p_loaded then 0
        when exists (select from public.worker w
          where w.loaded_model = m.model_id and not w.draining and w.seen_at > p_now - interval '15 seconds') then 3 * m.load_ms
        else m.load_ms end as swap_ms,
      (select count(*) from (select from public.ready r where r.model_id = m.model_id limit 32) wanting)::integer as queued
    from public.model m where m.model_id = any(array(select h.model_id from head h))
  ), busy as materialized (
    select r.workspace_id, count(*) as jobs from public.running r
    where r.workspace_id = any(array(select h.workspace_id from head h)) group by r.workspace_id
  ), owner as materialized (
    select a.workspace_id, public.recent_gpu(a.recent_gpu_ms, a.recent_gpu_at, p_now) as gpu_ms, coalesce(b.jobs, 0) as jobs
    from public.credit_account a left join busy b on b.workspace_id = a.workspace_id
    where a.workspace_id = any(array(select h.workspace_id from head h))
  ), scored as (
    select t.*, t.gpu_ms + 10000 * (t.jobs + t.nth - 1) as used_ms, public.effective_level(t.level, t.waited_ms) as effective,
      -- What is running now, and what its owner gets before it here, counts as ten seconds a job until its real time is known.
      public.claim_score(t.level, t.waited_ms, t.swap_ms, t.queued, t.gpu_ms + 10000 * (t.jobs + t.nth - 1), t.bypassed) as score,
      -- Neighbours: they want the same model at the same level. One that was passed over too often has none.
      dense_rank() over (order by t.model_id, t.level, t.alone) as neighbours,
      row_number() over (order by t.enqueued_at, t.generation_id) as age
    from (
      select h.*, w.swap_ms, w.queued, o.gpu_ms, o.jobs, x.alone,
        row_number() over (partition by h.workspace_id, h.model_id, h.level, x.alone order by h.enqueued_at, h.generation_id) as nth
      from head h join wanted w on w.model_id = h.model_id join owner o on o.workspace_id = h.workspace_id
      cross join lateral (select case when h.bypassed >= 20 then h.generation_id end as alone) x) t
  ), placed as (
    -- Among neighbours the workspace goes first that used the GPUs least of late.
    select s.*, row_number() over (partition by s.neighbours order by s.used_ms, s.age) as place,
      min(s.neighbours) over owned <> max(s.neighbours) over owned as spread
    from scored s window owned as (partition by s.workspace_id)
  ), led as (
    -- The best score of those that are left says how soon the neighbours are served, whoever of them goes first.
    select p.*, max(array[p.score, -p.age]) over (
        partition by p.neighbours order by p.place rows between current row and unbounded following) as leader
    from placed p
  ), ranked as (
    select l.generation_id, l.bypassed,
      -- Loading a model, or giving a job to a workspace that waits for others too, changes the order of the rest.
      l.swap_ms = 0 and not l.spread as goes_on,
      row_number() over (order by l.leader desc, l.place)::integer as by_score,
      row_number() over (order by l.effective desc, l.age)::integer as by_order
    from led l
  )
  select array_agg(r.generation_id order by r.by_score), array_agg(r.goes_on order by r.by_score),
    array_agg(r.by_score order by r.by_order), array_agg(r.bypassed::integer order by r.by_order)
    into v_ids, v_goes_on, v_strict, v_bypassed from ranked r;

  v_size := coalesce(cardinality(v_ids), 0);
  v_gone := array_fill(false, array[v_size]);
  v_added := array_fill(0, array[v_size]);
  loop
    v_picks := '{}';
    while cardinality(v_result) + cardinality(v_picks) < p_count loop
      while v_front <= v_size and v_gone[v_strict[v_front]] loop v_front := v_front + 1; end loop;
      exit when v_front > v_size;
      while v_gone[v_best] loop v_best := v_best + 1; end loop;
      -- The one a strict order would take is passed over at most 20 times.
      v_pick := case when v_bypassed[v_front] + v_added[v_front] >= 20 then v_strict[v_front] else v_best end;
      if v_pick <> v_strict[v_front] then v_added[v_front] := v_added[v_front] + 1; end if;
      v_gone[v_pick] := true;
      v_picks := v_picks || v_pick;
      v_last := not v_goes_on[v_pick] or v_pick <> v_best;
      exit when v_last;
    end loop;
    exit when cardinality(v_picks) = 0;
    with taken as (
      delete from public.ready r where r.generation_id = any(array(
        select c.generation_id from public.ready c
        where c.generation_id = any(array(select v_ids[i] from unnest(v_picks) i))
          and exists (select from public.generation g where g.generation_id = c.generation_id and g.start_by > p_now)
        for update of c skip locked))
        returning r.generation_id
    )
    select array_agg(t.generation_id order by array_position(v_ids, t.generation_id)) into v_taken from taken t;
    v_result := v_result || coalesce(v_taken, '{}');
    -- Those that another took, or that waited too long, are passed; the next best take their place.
    exit when cardinality(v_result) >= p_count or cardinality(v_taken) > 0 and v_last;
  end loop;

  for i in 1 .. v_size loop
    if v_added[i] > 0 and v_result <> '{}' then
      update public.ready r set bypassed = r.bypassed + v_added[i]
        where r.generation_id = any(array(
          select c.generation_id from public.ready c where c.generation_id = v_ids[v_strict[i]] for update skip locked));
    end if;
  end loop;
  return v_result;
end $$;
alter function public.pick_generations(text[], text, text[], bigint, integer, timestamptz) owner to pingvas_queue;
revoke all on function public.pick_generations(text[], text, text[], bigint, integer, timestamptz) from public;
