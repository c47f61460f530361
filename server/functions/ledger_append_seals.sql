-- Seals entries into a workspace's chain: p_seals is [{seq, entry_id, text_sha256, hash}] in order, computed on the head p_previous (null: the chain
-- is empty). Returns false and changes nothing when the chain has moved on meanwhile or this is not the workspace of the transaction: the caller
-- reads again. Raises when an entry is not waiting for its seal. Any number of sealers at once is fine.
create or replace function public.ledger_append_seals(p_workspace uuid, p_previous text, p_seals jsonb) returns boolean
language plpgsql security definer
set search_path = ''
as $$
declare
  v_head public.ledger_seal;
  v_taken integer;
begin
  if nullif(current_setting('app.tenant_id', true), '')::uuid is distinct from p_workspace then
    return false;
  end if;
  -- Its own lock, not the account's: sealing never makes a payment wait.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('ledger chain ' || p_workspace, 0));
  select * into v_head from public.ledger_seal s where s.workspace_id = p_workspace order by s.seq desc limit 1;
  if v_head.hash is distinct from p_previous or coalesce(v_head.seq, 0) + 1 is distinct from (p_seals->0->>'seq')::bigint then
    return false;
  end if;
  delete from public.ledger_unsealed u
    where u.workspace_id = p_workspace and u.entry_id in (select (s->>'entry_id')::uuid from jsonb_array_elements(p_seals) s);
  get diagnostics v_taken = row_count;
  if v_taken <> jsonb_array_length(p_seals) then
    raise exception 'workspace %: % of % entries wait for a seal', p_workspace, v_taken, jsonb_array_length(p_seals) using errcode = 'check_violation';
  end if;
  insert into public.ledger_seal (workspace_id, seq, entry_id, text_sha256, hash, sealed_at)
    select p_workspace, coalesce(v_head.seq, 0) + s.ordinality, (s.seal->>'entry_id')::uuid, s.seal->>'text_sha256', s.seal->>'hash', now()
    from jsonb_array_elements(p_seals) with ordinality s(seal, ordinality);
  return true;
end $$;
alter function public.ledger_append_seals(uuid, text, jsonb) owner to pingvas_queue;
revoke all on function public.ledger_append_seals(uuid, text, jsonb) from public;
grant execute on function public.ledger_append_seals(uuid, text, jsonb) to pingvas_app;
