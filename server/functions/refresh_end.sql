-- Everything that must end every sign-in of a person, whatever changed it: another password, a second factor switched on or off, or the account disabled.
-- The epoch ends access tokens at once, the families end refreshing; cookie sessions of a changed password are Better Auth's (it keeps the one that made
-- the change). Where the second factor changes, Better Auth makes the caller a new session after the update, so all that stand before it may go.
create or replace function auth.refresh_end_on_password() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  update auth."user" set epoch = epoch + 1 where id = new.user_id;
  update auth.refresh_family set ended_at = clock_timestamp(), end_reason = 'password_changed' where user_id = new.user_id and ended_at is null;
  return null;
end $$;

-- The trigger's argument says why.
create or replace function auth.refresh_end_all() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.epoch := old.epoch + 1;
  delete from auth.session where user_id = new.id;
  update auth.refresh_family set ended_at = clock_timestamp(), end_reason = tg_argv[0] where user_id = new.id and ended_at is null;
  return new;
end $$;

create or replace trigger account_password_changed after update of password on auth.account
  for each row when (old.password is distinct from new.password) execute function auth.refresh_end_on_password();
create or replace trigger user_disabled before update of disabled_at on auth."user"
  for each row when (old.disabled_at is null and new.disabled_at is not null) execute function auth.refresh_end_all('disabled');
create or replace trigger user_second_factor_changed before update of two_factor_enabled on auth."user"
  for each row when (old.two_factor_enabled is distinct from new.two_factor_enabled) execute function auth.refresh_end_all('second_factor_changed');
drop function if exists auth.refresh_end_on_disable();
drop function if exists auth.refresh_end_on_second_factor();
