-- Pictures that lay in the trash for p_days: their workspace and keys, oldest first. The caller removes the objects, then forgets the rows.
create or replace function public.trash_due(p_days int, p_most int) returns table (image_id uuid, workspace_id uuid, storage_key text)
language sql security definer stable
set search_path = ''
as $$
  select i.image_id, i.workspace_id, i.storage_key from public.image i
  where i.deleted_at < now() - make_interval(days => p_days)
  order by i.deleted_at limit p_most
$$;
alter function public.trash_due(int, int) owner to pingvas_queue;
revoke all on function public.trash_due(int, int) from public;
grant execute on function public.trash_due(int, int) to pingvas_app;

-- Forgets a picture in the trash whose objects are gone, and gives its bytes back. Running it twice changes nothing more.
create or replace function public.forget_image(p_workspace uuid, p_image uuid) returns boolean
language plpgsql security definer
set search_path = ''
as $$
declare
  v_size bigint;
begin
  perform from public.credit_account where workspace_id = p_workspace for update;
  delete from public.image where workspace_id = p_workspace and image_id = p_image and deleted_at is not null returning size_bytes into v_size;
  if not found then return false; end if;
  update public.credit_account set storage_bytes = storage_bytes - v_size where workspace_id = p_workspace;
  return true;
end $$;
alter function public.forget_image(uuid, uuid) owner to pingvas_queue;
revoke all on function public.forget_image(uuid, uuid) from public;
grant execute on function public.forget_image(uuid, uuid) to pingvas_app;

-- Which of these objects no row knows (p_keys: originals and uploads). For the sweeper of what dead attempts left behind.
create or replace function public.orphaned_keys(p_keys text[]) returns setof text
language sql security definer stable
set search_path = ''
as $$
  select k from unnest(p_keys) k where not exists (select from public.image i where i.storage_key = k)
$$;
alter function public.orphaned_keys(text[]) owner to pingvas_queue;
revoke all on function public.orphaned_keys(text[]) from public;
grant execute on function public.orphaned_keys(text[]) to pingvas_app;
