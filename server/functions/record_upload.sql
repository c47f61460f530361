-- Records an uploaded picture whose object is already stored, and counts its bytes, under the lock of the workspace's account.
-- p: {workspace_id, image_id, width, height, size_bytes, sha256, storage_key, storage_max | null, idempotency: {key, fingerprint} | null, response}
-- Returns {outcome: 'recorded' | 'replayed' | 'idempotency_key_reused' | 'storage_exhausted' | 'not_found', response?}.
create or replace function public.record_upload(p jsonb) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  v_workspace uuid := (p ->> 'workspace_id')::uuid;
  v_account public.credit_account;
  v_before public.idempotency;
begin
  if v_workspace is distinct from nullif(current_setting('app.tenant_id', true), '')::uuid then
    return jsonb_build_object('outcome', 'not_found');
  end if;
  select * into v_account from public.credit_account where workspace_id = v_workspace for update;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if p -> 'idempotency' <> 'null'::jsonb then
    select * into v_before from public.idempotency where workspace_id = v_workspace and key = p #>> '{idempotency,key}';
    if found and v_before.created_at > now() - interval '24 hours' then
      if v_before.fingerprint <> p #>> '{idempotency,fingerprint}' then return jsonb_build_object('outcome', 'idempotency_key_reused'); end if;
      return jsonb_build_object('outcome', 'replayed', 'response', v_before.response);
    end if;
    delete from public.idempotency where workspace_id = v_workspace and key = p #>> '{idempotency,key}';
  end if;
  if v_account.storage_bytes >= (p ->> 'storage_max')::bigint then return jsonb_build_object('outcome', 'storage_exhausted'); end if;
  insert into public.image (image_id, workspace_id, kind, width, height, size_bytes, sha256, storage_key)
  values ((p ->> 'image_id')::uuid, v_workspace, 'upload', (p ->> 'width')::int, (p ->> 'height')::int, (p ->> 'size_bytes')::bigint, p ->> 'sha256', p ->> 'storage_key');
  update public.credit_account set storage_bytes = storage_bytes + (p ->> 'size_bytes')::bigint where workspace_id = v_workspace;
  if p -> 'idempotency' <> 'null'::jsonb then
    insert into public.idempotency (workspace_id, key, fingerprint, status_code, response)
    values (v_workspace, p #>> '{idempotency,key}', p #>> '{idempotency,fingerprint}', 201, p -> 'response');
  end if;
  return jsonb_build_object('outcome', 'recorded', 'response', p -> 'response');
end $$;
alter function public.record_upload(jsonb) owner to pingvas_queue;
revoke all on function public.record_upload(jsonb) from public;
grant execute on function public.record_upload(jsonb) to pingvas_app;
