-- Renews a lease and takes down the progress. `held` false: the job was taken away and the worker must stop; `cancel`: its user asked for it.
create or replace function public.heartbeat_generation(p jsonb) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  v_cancel boolean;
begin
  update public.running r
    set lease_until = now() + (p->>'lease_s')::integer * interval '1 second',
        progress = coalesce((p->>'progress')::real, r.progress), phase = coalesce(p->>'phase', r.phase),
        step = coalesce((p->>'step')::integer, r.step), steps = coalesce((p->>'steps')::integer, r.steps),
        preview = coalesce((p->>'preview')::integer, r.preview)
    where r.generation_id = (p->>'generation_id')::uuid and r.attempt = (p->>'attempt')::smallint and r.worker_id = (p->>'worker_id')::uuid
    returning r.cancel_requested into v_cancel;
  if not found then return jsonb_build_object('held', false, 'cancel', false); end if;
  update public.worker w set seen_at = now() where w.worker_id = (p->>'worker_id')::uuid;
  return jsonb_build_object('held', true, 'cancel', v_cancel);
end $$;
alter function public.heartbeat_generation(jsonb) owner to pingvas_queue;
revoke all on function public.heartbeat_generation(jsonb) from public;
grant execute on function public.heartbeat_generation(jsonb) to pingvas_worker;
