-- Issues a grant: its id is the id of the transaction that issued it. p_contra null means the issuing account of the kind.
-- Inner step of ledger_grant, ledger_advance, ledger_capture and ledger_adjust, which hold the lock and have looked for the reference.
create or replace function public.ledger_issue(
  p_workspace uuid, p_kind text, p_amount bigint, p_reference text, p_reason text, p_contra text,
  p_effective_at timestamptz, p_expires_at timestamptz, p_order_id text, p_now timestamptz
) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_grant uuid := public.ledger_id();
begin
  perform public.ledger_post(
    p_workspace, v_grant, case p_contra when 'adjustment' then 'adjustment' else 'grant' end, p_reference, p_reason, p_amount,
    coalesce(p_contra, case p_kind when 'promotional' then 'issued:promo' else 'issued:' || p_kind end), 0, null, null, p_order_id, p_now);
  insert into public.credit_grant (grant_id, workspace_id, kind, priority, granted, remaining, effective_at, expires_at, created_at)
  values (
    v_grant, p_workspace, p_kind, case p_kind when 'plan' then 1 when 'promotional' then 2 when 'purchase' then 3 else 4 end,
    p_amount, p_amount, p_effective_at, p_expires_at, p_now);
  -- What is expired already is the caller's to post: the account is not due for it.
  if p_expires_at > p_now then
    update public.credit_account set next_due_at = p_expires_at where workspace_id = p_workspace and next_due_at > p_expires_at;
  end if;
  return v_grant;
end $$;
alter function public.ledger_issue(uuid, text, bigint, text, text, text, timestamptz, timestamptz, text, timestamptz) owner to pingvas_queue;
revoke all on function public.ledger_issue(uuid, text, bigint, text, text, text, timestamptz, timestamptz, text, timestamptz) from public;
grant execute on function public.ledger_issue(uuid, text, bigint, text, text, text, timestamptz, timestamptz, text, timestamptz) to pingvas_queue;
