-- Tells every API process to forget what it remembered about callers (at most a second old anyway). Only for changes that are rare: a notification inside a
-- transaction takes a lock of the whole server at commit.
create or replace function public.notify_access_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform pg_catalog.pg_notify('pingvas_access', '');
  return null;
end $$;

create or replace trigger workspace_access_changed after update of plan, suspended_at on public.workspace
  for each statement execute function public.notify_access_change();
create or replace trigger workspace_member_access_changed after update or delete on public.workspace_member
  for each statement execute function public.notify_access_change();
create or replace trigger api_key_access_changed after update of revoked_at, scopes, expires_at on public.api_key
  for each statement execute function public.notify_access_change();
create or replace trigger session_access_changed after delete on auth.session
  for each statement execute function public.notify_access_change();
create or replace trigger refresh_family_access_changed after update of ended_at on auth.refresh_family
  for each statement execute function public.notify_access_change();
create or replace trigger user_access_changed after update of disabled_at, epoch, email_verified on auth."user"
  for each statement execute function public.notify_access_change();
