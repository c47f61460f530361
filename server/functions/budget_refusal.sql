-- Whether a job's ceiling (milli-credits) fits the budgets that bind it, the key's and the member's: null, or the refusal. The caller holds the account's
-- lock, so what is counted here is exact.
create or replace function public.budget_refusal(
  p_workspace uuid, p_user text, p_key uuid, p_ceiling bigint, p_period_start timestamptz
) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_key_budget bigint;
  v_member_budget bigint;
  v_held bigint;
  v_spent bigint;
begin
  select m.monthly_credit_budget into v_member_budget from public.workspace_member m
    where m.workspace_id = p_workspace and m.user_id = p_user;
  -- Removed since the caller was looked up.
  if not found then return jsonb_build_object('outcome', 'not_member'); end if;
  if p_key is not null then
    select k.monthly_credit_budget into v_key_budget from public.api_key k
      where k.key_id = p_key and k.workspace_id = p_workspace and k.revoked_at is null;
    if not found then return jsonb_build_object('outcome', 'not_found'); end if;
    select u.held, u.spent into v_held, v_spent from public.api_key_usage u where u.key_id = p_key and u.period_start = p_period_start;
    if coalesce(v_held + v_spent, 0) + p_ceiling > v_key_budget then
      perform public.alert_budget(p_workspace, 'key', p_key::text, p_period_start, v_spent, v_key_budget, true);
      return jsonb_build_object('outcome', 'key_budget_exhausted', 'needed', p_ceiling,
        'available', greatest(0, v_key_budget - coalesce(v_held + v_spent, 0)));
    end if;
  end if;
  if v_member_budget is not null then
    select u.held, u.spent into v_held, v_spent from public.member_usage u
      where u.workspace_id = p_workspace and u.user_id = p_user and u.period_start = p_period_start;
    if coalesce(v_held + v_spent, 0) + p_ceiling > v_member_budget then
      perform public.alert_budget(p_workspace, 'member', p_user, p_period_start, v_spent, v_member_budget, true);
      return jsonb_build_object('outcome', 'member_budget_exhausted', 'needed', p_ceiling,
        'available', greatest(0, v_member_budget - coalesce(v_held + v_spent, 0)));
    end if;
  end if;
  return null;
end $$;
alter function public.budget_refusal(uuid, text, uuid, bigint, timestamptz) owner to pingvas_queue;
revoke all on function public.budget_refusal(uuid, text, uuid, bigint, timestamptz) from public;
