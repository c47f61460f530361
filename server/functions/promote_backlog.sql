-- Moves the oldest backlogged jobs of workspaces into the queue while each one's own limit leaves room. The caller holds the locks of the accounts.
-- Waiting behind one's own limit does not age a job: its place in the queue begins now.
create or replace function public.promote_backlogs(p_workspaces uuid[], p_now timestamptz) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_promoted integer;
begin
  -- Most have no backlog, and then nothing is planned or written.
  if not exists (
    select from public.credit_account a
    where a.workspace_id = any(p_workspaces) and a.backlogged_jobs > 0 and a.active_jobs < a.running_max
  ) then
    return 0;
  end if;
  with job as materialized (
    select g.*
    from public.credit_account a
    cross join lateral (
      select b.* from public.generation b
      where b.workspace_id = a.workspace_id and b.status = 'backlogged'
      order by b.generation_id limit least(a.running_max - a.active_jobs, a.backlogged_jobs)) g
    where a.workspace_id = any(p_workspaces) and a.backlogged_jobs > 0 and a.active_jobs < a.running_max
  ), place as (
    insert into public.ready (generation_id, workspace_id, level, model_id, enqueued_at, loras, memory_min_bytes, work_ms)
      select j.generation_id, j.workspace_id, j.level, j.model_id, p_now, public.request_loras(j.request),
        greatest(j.memory_min_bytes, public.memory_need(j.model_id, j.request)), j.expected - j.surcharge
      from job j
  ), queued as (
    update public.generation g
      set status = 'queued', queued_at = p_now, version = g.version + 1, updated_at = p_now
      from job j where g.generation_id = j.generation_id
  ), account as (
    update public.credit_account a
      set active_jobs = a.active_jobs + s.jobs, backlogged_jobs = a.backlogged_jobs - s.jobs
      from (select j.workspace_id, count(*) as jobs from job j group by j.workspace_id) s
      where a.workspace_id = s.workspace_id
      returning s.jobs
  )
  select coalesce(sum(a.jobs), 0) into v_promoted from account a;
  return v_promoted;
end $$;
alter function public.promote_backlogs(uuid[], timestamptz) owner to pingvas_queue;
revoke all on function public.promote_backlogs(uuid[], timestamptz) from public;
-- `promote_backlogs` for one workspace.
create or replace function public.promote_backlog(p_workspace uuid, p_now timestamptz) returns integer
language sql
set search_path = ''
as $$ select public.promote_backlogs(array[p_workspace], p_now) $$;
alter function public.promote_backlog(uuid, timestamptz) owner to pingvas_queue;
revoke all on function public.promote_backlog(uuid, timestamptz) from public;
