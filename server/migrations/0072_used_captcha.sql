-- Challenges that were answered, until they would have expired by themselves: each opens one door.
create table auth.used_captcha (
  challenge bytea primary key,
  expires_at timestamptz not null
);
create index used_captcha_age on auth.used_captcha (expires_at);
grant select, insert, delete on auth.used_captcha to pingvas_auth;
