-- Burns a code of a person (p_code is its HMAC) before anybody checks it, under the lock of the person's second factor: the same code is checked once however
-- many try it at once, and a crowd of guesses is counted like a queue of them.
--   go            check it now
--   used          tried before
--   locked        five wrong ones within 15 minutes, or twenty within 24 hours
--   locked_first  the same, and the twenty were not reported yet: tell the owner
--   none          the person has no second factor
-- Right codes forgive no wrong ones: the owner's sign-ins must not give a guesser new tries. Outcomes are return values: an exception would unburn the code.
create or replace function auth.totp_reserve(p_user text, p_code bytea) returns text
language plpgsql
set search_path = ''
as $$
declare
  v_told_until timestamptz;
  v_quarter integer;
  v_day integer;
  v_now timestamptz;
begin
  select f.locked_until into v_told_until from auth.two_factor f where f.user_id = p_user for update;
  if not found then
    return 'none';
  end if;
  v_now := clock_timestamp();
  delete from auth.totp_attempt a where a.user_id = p_user and a.tried_at < v_now - interval '24 hours';
  select count(*) filter (where a.tried_at > v_now - interval '15 minutes'), count(*) into v_quarter, v_day
    from auth.totp_attempt a where a.user_id = p_user and not a.right_code;
  if v_day >= 20 and (v_told_until is null or v_told_until <= v_now) then
    update auth.two_factor f set locked_until = v_now + interval '24 hours' where f.user_id = p_user;
    return 'locked_first';
  end if;
  if v_quarter >= 5 or v_day >= 20 then
    return 'locked';
  end if;
  insert into auth.totp_attempt (user_id, code, tried_at) values (p_user, p_code, v_now) on conflict do nothing;
  return case when found then 'go' else 'used' end;
end $$;
revoke all on function auth.totp_reserve(text, bytea) from public;
grant execute on function auth.totp_reserve(text, bytea) to pingvas_auth;
