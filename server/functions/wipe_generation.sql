-- The owner deletes an ended job: words and pictures go, the amounts of its receipt stay. Objects are removed by a chore after the commit.
create or replace function public.wipe_generation(p_workspace uuid, p_generation uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  v_now constant timestamptz := now();
  v_job public.generation;
  v_account public.credit_account;
  v_keys jsonb;
  v_bytes bigint;
begin
  if p_workspace is distinct from nullif(current_setting('app.tenant_id', true), '')::uuid then
    return jsonb_build_object('outcome', 'not_found');
  end if;
  v_account := public.ledger_advance(p_workspace, v_now);
  select * into v_job from public.generation g where g.generation_id = p_generation and g.workspace_id = p_workspace;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if v_job.finished_at is null then return jsonb_build_object('outcome', 'not_ended', 'status', v_job.status); end if;
  if v_job.wiped_at is not null then return jsonb_build_object('outcome', 'wiped'); end if;
  with gone as (
    delete from public.image i where i.generation_id = p_generation and i.workspace_id = p_workspace returning i.storage_key, i.size_bytes
  )
  select coalesce(jsonb_agg(g.storage_key), '[]'), coalesce(sum(g.size_bytes), 0) into v_keys, v_bytes from gone g;
  update public.credit_account a set storage_bytes = a.storage_bytes - v_bytes where a.workspace_id = p_workspace;
  update public.generation g
    set request = '{}', error_detail = null, recipe_sha256 = null, wiped_at = v_now, updated_at = v_now, version = g.version + 1
    where g.generation_id = p_generation;
  if v_keys <> '[]' then
    insert into public.outbox (task, payload) values ('delete_objects', jsonb_build_object('workspace_id', p_workspace, 'storage_keys', v_keys));
  end if;
  return jsonb_build_object('outcome', 'wiped');
end $$;
alter function public.wipe_generation(uuid, uuid) owner to pingvas_queue;
revoke all on function public.wipe_generation(uuid, uuid) from public;
grant execute on function public.wipe_generation(uuid, uuid) to pingvas_app;
