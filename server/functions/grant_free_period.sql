-- The first Free credits of a personal workspace whose owner's address is verified; from the next period on the clock grants the same.
-- They go once per period to one address: the claim outlives the account. Returns true when the workspace has them (now or from an earlier call),
-- false when the address has had this month's in another workspace, or this is no personal workspace on plan Free.
create or replace function public.grant_free_period(p_workspace uuid, p_address_hash bytea, p_amount bigint, p_now timestamptz) returns boolean
language plpgsql security definer
set search_path = ''
as $$
declare
  a public.credit_account;
  v_claim public.free_credit_claim;
begin
  if nullif(current_setting('app.tenant_id', true), '')::uuid <> p_workspace then
    raise exception 'workspace % is not the one of this transaction', p_workspace using errcode = 'insufficient_privilege';
  end if;
  a := public.ledger_advance(p_workspace, p_now);
  if a.workspace_id is null
    or not exists (select from public.workspace w where w.workspace_id = p_workspace and w.kind = 'personal' and w.plan = 'free') then
    return false;
  end if;
  if a.clock_grant is not null then
    return true;
  end if;
  insert into public.free_credit_claim (address_hash, claimed_by, period_end) values (p_address_hash, p_workspace, a.period_end)
  on conflict (address_hash) do nothing;
  select * into v_claim from public.free_credit_claim where address_hash = p_address_hash for update;
  if v_claim.claimed_by <> p_workspace then
    -- The other workspace keeps the claim as long as its month runs, and as long as it lives and its clock grants (its roll may be due just now).
    if v_claim.period_end > p_now or exists (
      select from public.credit_account o join public.workspace w using (workspace_id)
      where o.workspace_id = v_claim.claimed_by and w.plan = 'free' and o.clock_grant is not null) then
      return false;
    end if;
    update public.free_credit_claim set claimed_by = p_workspace, period_end = a.period_end where address_hash = p_address_hash;
  end if;
  update public.credit_account set clock_grant = p_amount where workspace_id = p_workspace;
  perform public.ledger_grant(
    p_workspace, 'plan', p_amount, 'free:' || public.ledger_instant(a.period_start), 'free credits of the month',
    a.period_start, a.period_end, null, p_now);
  return true;
end $$;
alter function public.grant_free_period(uuid, bytea, bigint, timestamptz) owner to pingvas_queue;
revoke all on function public.grant_free_period(uuid, bytea, bigint, timestamptz) from public;
grant execute on function public.grant_free_period(uuid, bytea, bigint, timestamptz) to pingvas_queue, pingvas_app;
