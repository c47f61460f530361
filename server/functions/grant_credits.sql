-- The operator gives credits, effective now. Returns the grant's id, the same one when the reference was used before.
create or replace function public.grant_credits(
  p_workspace uuid, p_kind text, p_amount bigint, p_reference text, p_reason text, p_expires_at timestamptz
) returns uuid
language plpgsql security definer
set search_path = ''
as $$
begin
  return public.ledger_grant(p_workspace, p_kind, p_amount, p_reference, p_reason, now(), p_expires_at, null, now());
end $$;
alter function public.grant_credits(uuid, text, bigint, text, text, timestamptz) owner to pingvas_queue;
revoke all on function public.grant_credits(uuid, text, bigint, text, text, timestamptz) from public;
grant execute on function public.grant_credits(uuid, text, bigint, text, text, timestamptz) to pingvas_queue, pingvas_admin;
