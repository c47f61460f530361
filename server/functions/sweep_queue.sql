-- Every second, by whoever runs the chores: lost leases go back or are given up, jobs whose time to start has passed expire, silent workers are
-- forgotten. Only the database's clock decides. Accounts are locked in the order of their keys, and one sweep runs at a time.
create or replace function public.sweep_queue() returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  v_now constant timestamptz := now();
  v_found record;
  v_job public.generation;
  v_changed jsonb := '[]';
  v_requeued integer := 0;
  v_ended integer := 0;
  v_expired integer := 0;
  v_workers integer;
begin
  if not pg_try_advisory_xact_lock(7305118403) then
    return jsonb_build_object('changed', '[]'::jsonb, 'requeued', 0, 'ended', 0, 'expired', 0, 'workers_removed', 0);
  end if;
  for v_found in
    select due.* from (
      (select r.workspace_id, r.generation_id, true as lost from public.running r where r.lease_until < v_now order by r.lease_until limit 200)
      union all
      (select g.workspace_id, g.generation_id, false from public.generation g
        where g.status in ('backlogged', 'queued') and g.start_by <= v_now order by g.start_by limit 200)
    ) due order by due.workspace_id, due.generation_id
  loop
    perform public.ledger_advance(v_found.workspace_id, v_now);
    if v_found.lost then
      delete from public.running r where r.generation_id = v_found.generation_id and r.lease_until < v_now;
      continue when not found;
      select * into v_job from public.generation g where g.generation_id = v_found.generation_id;
      update public.generation_attempt a
        set outcome = 'lease_lost', ended_at = v_now, why = 'The worker was lost; the attempt costs nothing.'
        where a.generation_id = v_job.generation_id and a.number = v_job.attempt;
      if public.retry_generation(v_job, true, 'worker_lost', null, v_now) = 'queued' then
        v_requeued := v_requeued + 1;
      else
        v_ended := v_ended + 1;
      end if;
    else
      delete from public.ready r where r.generation_id = v_found.generation_id;
      select * into v_job from public.generation g where g.generation_id = v_found.generation_id;
      -- Claimed or cancelled since it was found.
      continue when v_job.status not in ('backlogged', 'queued');
      perform public.end_uncharged(v_job, 'expired', null, null, v_now);
      v_expired := v_expired + 1;
    end if;
    v_changed := v_changed || jsonb_build_object('workspace_id', v_found.workspace_id, 'generation_id', v_found.generation_id);
  end loop;
  delete from public.worker w
    where w.seen_at < v_now - interval '60 seconds' and not exists (select from public.running r where r.worker_id = w.worker_id);
  get diagnostics v_workers = row_count;
  return jsonb_build_object('changed', v_changed, 'requeued', v_requeued, 'ended', v_ended, 'expired', v_expired, 'workers_removed', v_workers);
end $$;
alter function public.sweep_queue() owner to pingvas_queue;
revoke all on function public.sweep_queue() from public;
grant execute on function public.sweep_queue() to pingvas_app;
