-- A user's cancel. Waiting jobs end at once and cost nothing; a running one is told to stop; what has ended stays as it is.
create or replace function public.cancel_generation(p_workspace uuid, p_generation uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  v_now constant timestamptz := now();
  v_account public.credit_account;
  v_job public.generation;
  v_outcome text;
begin
  if p_workspace is distinct from nullif(current_setting('app.tenant_id', true), '')::uuid then
    return jsonb_build_object('outcome', 'not_found', 'status', null);
  end if;
  v_account := public.ledger_advance(p_workspace, v_now);
  -- The queue's row first: who removes it decides what becomes of a waiting job, and a claim in progress is waited for.
  delete from public.ready r where r.generation_id = p_generation and r.workspace_id = p_workspace;
  if not found then
    update public.running r set cancel_requested = true where r.generation_id = p_generation and r.workspace_id = p_workspace;
    if found then v_outcome := 'requested'; end if;
  end if;
  select * into v_job from public.generation g where g.generation_id = p_generation and g.workspace_id = p_workspace;
  if not found then return jsonb_build_object('outcome', 'not_found', 'status', null); end if;
  if v_outcome = 'requested' then
    update public.generation g
      set cancel_requested_at = v_now, version = g.version + 1, updated_at = v_now
      where g.generation_id = p_generation and g.cancel_requested_at is null;
    return jsonb_build_object('outcome', 'requested', 'status', 'running');
  end if;
  if v_job.status not in ('backlogged', 'queued') then
    return jsonb_build_object('outcome', 'ended', 'status', v_job.status);
  end if;
  update public.generation g set cancel_requested_at = v_now where g.generation_id = p_generation;
  perform public.end_uncharged(v_job, 'cancelled', null, null, v_now);
  return jsonb_build_object('outcome', 'cancelled', 'status', 'cancelled');
end $$;
alter function public.cancel_generation(uuid, uuid) owner to pingvas_queue;
revoke all on function public.cancel_generation(uuid, uuid) from public;
grant execute on function public.cancel_generation(uuid, uuid) to pingvas_app;
