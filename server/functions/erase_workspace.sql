-- Erases a workspace all of whose members are due to be deleted: words, pictures, keys, invitations and memberships go; jobs keep their amounts, and the
-- ledger and its chain stay without words. Nobody can enter or spend afterwards. `busy`: a job still runs and was told to stop; ask again.
create or replace function public.erase_workspace(p_workspace uuid) returns text
language plpgsql security definer
set search_path = ''
as $$
declare
  v_keys jsonb;
  v_bytes bigint;
begin
  if p_workspace is distinct from nullif(current_setting('app.tenant_id', true), '')::uuid then return 'not_found'; end if;
  perform public.ledger_advance(p_workspace, now());
  perform from public.workspace w where w.workspace_id = p_workspace for no key update;
  if exists (
    select from public.workspace_member m where m.workspace_id = p_workspace
      and not exists (select from auth.account_deletion d where d.user_id = m.user_id and d.due_at <= now())
  ) or not exists (select from public.workspace_member m where m.workspace_id = p_workspace) then
    return 'in_use';
  end if;
  update public.workspace w set suspended_at = coalesce(w.suspended_at, now()) where w.workspace_id = p_workspace;
  perform public.cancel_generation(p_workspace, g.generation_id)
    from public.generation g where g.workspace_id = p_workspace and g.finished_at is null;
  if exists (select from public.generation g where g.workspace_id = p_workspace and g.finished_at is null) then return 'busy'; end if;
  perform public.wipe_generation(p_workspace, g.generation_id)
    from public.generation g where g.workspace_id = p_workspace and g.wiped_at is null;
  with gone as (delete from public.image i where i.workspace_id = p_workspace returning i.storage_key, i.size_bytes)
  select coalesce(jsonb_agg(g.storage_key), '[]'), coalesce(sum(g.size_bytes), 0) into v_keys, v_bytes from gone g;
  update public.credit_account a set storage_bytes = a.storage_bytes - v_bytes where a.workspace_id = p_workspace;
  if v_keys <> '[]' then
    insert into public.outbox (task, payload) values ('delete_objects', jsonb_build_object('workspace_id', p_workspace, 'storage_keys', v_keys));
  end if;
  perform public.ledger_erase_text(p_workspace);
  delete from public.idempotency i where i.workspace_id = p_workspace;
  delete from public.workspace_invitation i where i.workspace_id = p_workspace;
  update public.api_key k set name = 'deleted', revoked_at = coalesce(k.revoked_at, now()) where k.workspace_id = p_workspace;
  delete from public.workspace_member m where m.workspace_id = p_workspace;
  update public.workspace w set name = 'deleted' where w.workspace_id = p_workspace;
  return 'erased';
end $$;
alter function public.erase_workspace(uuid) owner to pingvas_queue;
revoke all on function public.erase_workspace(uuid) from public;
grant execute on function public.erase_workspace(uuid) to pingvas_app;
