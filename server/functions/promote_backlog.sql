-- Moves the oldest backlogged jobs of a workspace into the queue while its own limit leaves room. The caller holds the account's lock.
-- Waiting behind one's own limit does not age a job: its place in the queue begins now.
create or replace function public.promote_backlog(p_workspace uuid, p_now timestamptz) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_free integer;
  v_ids uuid[];
begin
  select least(a.running_max - a.active_jobs, a.backlogged_jobs) into v_free from public.credit_account a where a.workspace_id = p_workspace;
  if v_free is null or v_free <= 0 then return 0; end if;
  v_ids := array(
    select g.generation_id from public.generation g
    where g.workspace_id = p_workspace and g.status = 'backlogged'
    order by g.generation_id limit v_free);
  insert into public.ready (generation_id, workspace_id, level, model_id, enqueued_at, loras, memory_min_bytes, work_ms)
    select g.generation_id, g.workspace_id, g.level, g.model_id, p_now, public.request_loras(g.request), 
      greatest(g.memory_min_bytes, public.memory_need(g.model_id, g.request)), g.expected - g.surcharge
    from public.generation g where g.generation_id = any(v_ids);
  update public.generation g
    set status = 'queued', queued_at = p_now, version = g.version + 1, updated_at = p_now
    where g.generation_id = any(v_ids);
  update public.credit_account a
    set active_jobs = a.active_jobs + cardinality(v_ids), backlogged_jobs = a.backlogged_jobs - cardinality(v_ids)
    where a.workspace_id = p_workspace;
  return cardinality(v_ids);
end $$;
alter function public.promote_backlog(uuid, timestamptz) owner to pingvas_queue;
revoke all on function public.promote_backlog(uuid, timestamptz) from public;
