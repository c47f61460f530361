-- Makes the grants of payments what they should be: a list of {provider, kind, payment_id, part, grant_kind, amount, effective_at, expires_at, back,
-- frozen, order_id}. A part is granted once. `back` of it is to be taken back: as much as is left is taken now, the rest whenever something of it comes
-- back. A part whose amount turned out smaller than what was granted owes the difference too. Returns how many rows it changed.
create or replace function public.apply_payment_credits(p_workspace uuid, p_parts jsonb, p_now timestamptz) returns integer
language plpgsql security definer
set search_path = ''
as $$
declare
  p jsonb;
  b public.billing_grant;
  v_grant uuid;
  v_wanted bigint;
  v_taken bigint;
  v_name text;
  v_changes integer := 0;
  a public.credit_account;
begin
  if nullif(current_setting('app.tenant_id', true), '')::uuid is distinct from p_workspace then
    raise exception 'workspace % is not the one of this transaction', p_workspace using errcode = 'insufficient_privilege';
  end if;
  a := public.ledger_advance(p_workspace, p_now);
  for p in select value from jsonb_array_elements(p_parts) loop
    v_name := concat_ws(':', p->>'provider', p->>'kind', p->>'payment_id', p->>'part');
    select * into b from public.billing_grant g
      where g.provider = p->>'provider' and g.kind = p->>'kind' and g.payment_id = p->>'payment_id' and g.part = p->>'part';
    if found and b.workspace_id <> p_workspace then
      raise exception 'payment % belongs to another workspace', v_name using errcode = 'insufficient_privilege';
    end if;
    if not found then
      continue when (p->>'amount')::bigint <= 0;
      v_grant := public.ledger_grant(
        p_workspace, p->>'grant_kind', (p->>'amount')::bigint, 'paid:' || v_name,
        case p->>'grant_kind' when 'purchase' then 'credits bought' else 'credits of the plan' end,
        (p->>'effective_at')::timestamptz, (p->>'expires_at')::timestamptz, p->>'payment_id', p_now);
      insert into public.billing_grant (provider, kind, payment_id, part, workspace_id, grant_id, granted)
        values (p->>'provider', p->>'kind', p->>'payment_id', p->>'part', p_workspace, v_grant, (p->>'amount')::bigint)
        returning * into b;
      v_changes := v_changes + 1;
    end if;
    v_wanted := least(b.granted, greatest(0, b.granted - (p->>'amount')::bigint) + (p->>'back')::bigint);
    v_taken := 0;
    if v_wanted > b.back_taken and exists (
      select from public.credit_grant g where g.grant_id = b.grant_id and g.remaining > g.reserved) then
      v_taken := public.ledger_claw_back(
        p_workspace, b.grant_id, v_wanted - b.back_taken, 'taken_back:' || v_name || ':' || b.back_taken, 'payment given back', p_now);
    end if;
    if v_taken > 0 or v_wanted > b.back_wanted then
      update public.billing_grant g set back_wanted = greatest(g.back_wanted, v_wanted), back_taken = g.back_taken + v_taken
        where g.provider = b.provider and g.kind = b.kind and g.payment_id = b.payment_id and g.part = b.part;
      v_changes := v_changes + 1;
    end if;
    v_changes := v_changes + public.ledger_freeze(p_workspace, b.grant_id, (p->>'frozen')::boolean, p_now);
  end loop;
  return v_changes;
end $$;
alter function public.apply_payment_credits(uuid, jsonb, timestamptz) owner to pingvas_queue;
revoke all on function public.apply_payment_credits(uuid, jsonb, timestamptz) from public;
grant execute on function public.apply_payment_credits(uuid, jsonb, timestamptz) to pingvas_app;
