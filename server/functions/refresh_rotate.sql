-- Exchanges a refresh token for its successor (p_next_hash), under the lock of its family. Outcomes are return values, never exceptions: an exception would
-- undo the ending of the family.
--   rotated      the successor is stored; user_id, family_id and epoch are filled
--   in_progress  rotated less than p_grace ago: two processes of one program raced, or an answer was lost; the family lives
--   reuse        rotated longer ago: a copy is out, the family ends now
--   ended        unknown, ended or expired, or its person is disabled
-- The clock is read after the lock, so that those who waited for it are judged by the time they were served.
create or replace function auth.refresh_rotate(p_hash bytea, p_next_hash bytea, p_grace interval)
returns table (outcome text, family_id uuid, user_id text, epoch integer)
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_family auth.refresh_family;
  v_token auth.refresh_token;
  v_user auth."user";
  v_now timestamptz;
begin
  select f.* into v_family from auth.refresh_family f
    where f.family_id = (select t.family_id from auth.refresh_token t where t.hash = p_hash)
    for update;
  v_now := clock_timestamp();
  if v_family.family_id is null or v_family.ended_at is not null or v_family.expires_at <= v_now then
    return query select 'ended', null::uuid, null::text, null::integer;
    return;
  end if;
  select u.* into v_user from auth."user" u where u.id = v_family.user_id;
  if v_user.disabled_at is not null then
    return query select 'ended', null::uuid, null::text, null::integer;
    return;
  end if;
  select t.* into v_token from auth.refresh_token t where t.hash = p_hash;
  if v_token.used_at is null then
    update auth.refresh_token t set used_at = v_now where t.hash = p_hash;
    insert into auth.refresh_token (hash, family_id, created_at) values (p_next_hash, v_family.family_id, v_now);
    return query select 'rotated', v_family.family_id, v_family.user_id, v_user.epoch;
  elsif v_token.used_at > v_now - p_grace then
    return query select 'in_progress', v_family.family_id, v_family.user_id, v_user.epoch;
  else
    update auth.refresh_family f set ended_at = v_now, end_reason = 'reuse' where f.family_id = v_family.family_id;
    return query select 'reuse', v_family.family_id, v_family.user_id, v_user.epoch;
  end if;
end $$;
grant execute on function auth.refresh_rotate(bytea, bytea, interval) to pingvas_auth;
