-- Finds a live API key by the SHA-256 of its secret, before any workspace is known. A key dies with the membership or the account of the person who made it.
create or replace function public.find_api_key(p_hash bytea)
returns table (key_id uuid, workspace_id uuid, user_id text, scopes text[], plan text, suspended boolean, role text)
language sql stable
security definer
set search_path = ''
as $$
  select k.key_id, k.workspace_id, k.created_by, k.scopes, w.plan, w.suspended_at is not null, m.role
  from public.api_key k
  join public.workspace w on w.workspace_id = k.workspace_id
  join public.workspace_member m on m.workspace_id = k.workspace_id and m.user_id = k.created_by
  join auth."user" u on u.id = k.created_by and u.disabled_at is null
  where k.hash = p_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
$$;
alter function public.find_api_key(bytea) owner to pingvas_queue;
revoke all on function public.find_api_key(bytea) from public;
grant execute on function public.find_api_key(bytea) to pingvas_app;
