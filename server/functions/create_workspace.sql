-- A workspace with its owner as member and its empty credit account; its months are counted from p_now. Made twice, it is made once.
create or replace function public.create_workspace(p_workspace uuid, p_kind text, p_name text, p_owner text, p_now timestamptz) returns void
language plpgsql security definer
set search_path = ''
as $$
declare
  -- Milliseconds are what a program outside the database can hold: its months must be the same ones.
  v_anchor timestamptz := date_trunc('milliseconds', p_now);
  v_period record;
begin
  if nullif(current_setting('app.user_id', true), '') <> p_owner then
    raise exception 'user % is not the one of this transaction', p_owner using errcode = 'insufficient_privilege';
  end if;
  insert into public.workspace (workspace_id, kind, name, owner_user_id, created_at) values (p_workspace, p_kind, p_name, p_owner, p_now)
  on conflict do nothing;
  if not found then
    return;
  end if;
  insert into public.workspace_member (workspace_id, user_id, role, created_at) values (p_workspace, p_owner, 'owner', p_now);
  select * into v_period from public.ledger_period(v_anchor, v_anchor);
  insert into public.credit_account (workspace_id, period_anchor, period_start, period_end, next_due_at, recent_gpu_at)
  values (p_workspace, v_anchor, v_period.period_start, v_period.period_end, v_period.period_end, p_now);
end $$;
alter function public.create_workspace(uuid, text, text, text, timestamptz) owner to pingvas_queue;
revoke all on function public.create_workspace(uuid, text, text, text, timestamptz) from public;
grant execute on function public.create_workspace(uuid, text, text, text, timestamptz) to pingvas_queue, pingvas_app, pingvas_admin;
