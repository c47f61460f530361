-- The operator runs a failed job again, free of charge: a new job linked to the old one, with no hold, no surcharge and no key.
create or replace function public.requeue_dead_letter(p_generation uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  v_now constant timestamptz := now();
  v_old public.generation;
  v_account public.credit_account;
  v_id constant uuid := public.new_id();
begin
  select * into v_old from public.generation g where g.generation_id = p_generation;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if v_old.status <> 'failed' or v_old.wiped_at is not null or v_old.discarded_at is not null then
    return jsonb_build_object('outcome', 'not_a_dead_letter', 'status', v_old.status);
  end if;
  v_account := public.ledger_advance(v_old.workspace_id, v_now);
  insert into public.generation (
    generation_id, workspace_id, user_id, status, model_id, mode, level, request, expected, ceiling, timeout_ms,
    reproduction_of, requeue_of, start_by, created_at, updated_at, period_start
  ) values (
    v_id, v_old.workspace_id, v_old.user_id, 'backlogged', v_old.model_id, v_old.mode, v_old.level, v_old.request, 0, 0, v_old.timeout_ms,
    v_old.reproduction_of, v_old.generation_id, v_now + interval '1 day', v_now, v_now, v_account.period_start
  ) on conflict (requeue_of) where requeue_of is not null and status in ('backlogged', 'queued', 'running', 'succeeded') do nothing;
  if not found then return jsonb_build_object('outcome', 'already_requeued'); end if;
  update public.credit_account a set backlogged_jobs = a.backlogged_jobs + 1 where a.workspace_id = v_old.workspace_id;
  perform public.promote_backlog(v_old.workspace_id, v_now);
  return jsonb_build_object('outcome', 'requeued', 'workspace_id', v_old.workspace_id, 'generation_id', v_id);
end $$;
alter function public.requeue_dead_letter(uuid) owner to pingvas_queue;
revoke all on function public.requeue_dead_letter(uuid) from public;
grant execute on function public.requeue_dead_letter(uuid) to pingvas_admin;
