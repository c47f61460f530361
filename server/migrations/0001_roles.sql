-- One login per kind of process; none owns anything, none bypasses row-level security. `pingvas_queue` cannot log in: it is the
-- identity of the few functions that cross workspaces (submit, claim, settle). Other databases of the same server share the roles.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['pingvas_app', 'pingvas_worker', 'pingvas_admin', 'pingvas_auth', 'pingvas_queue'] loop
    begin
      execute format('create role %I %s', role_name, case role_name when 'pingvas_queue' then 'nologin' else 'login' end);
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
  -- To hand a function over to pingvas_queue the owner must be able to become it; a superuser already is.
  if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
    execute format('grant pingvas_queue to %I', current_user);
  end if;
end $$;

revoke all on schema public from public;
revoke create on schema public from public;
grant usage on schema public to pingvas_app, pingvas_worker, pingvas_admin;
grant usage, create on schema public to pingvas_queue;
alter default privileges revoke execute on functions from public;

-- Sorts by time (48 bits of milliseconds, then random): RFC 9562, version 7. PostgreSQL has its own only from 18 on.
create function public.new_id() returns uuid
language sql volatile parallel safe
set search_path = ''
as $$
  select encode(
    set_byte(
      overlay(uuid_send(gen_random_uuid()) placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      6, (get_byte(uuid_send(gen_random_uuid()), 0) & 15) | 112
    ), 'hex')::uuid
$$;
grant execute on function public.new_id() to pingvas_app, pingvas_worker, pingvas_admin, pingvas_queue;
