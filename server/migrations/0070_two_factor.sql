-- The second factor. The columns of two_factor are what Better Auth's plugin asks for; what it lacks is ours: one row per person, and a memory of the codes
-- that were tried, so that each is tried once.
alter table auth."user" add column two_factor_enabled boolean default false;

create table auth.two_factor (
  id text primary key,
  -- Both encrypted with AUTH_SECRET.
  secret text not null,
  backup_codes text not null,
  user_id text not null references auth."user" on delete cascade constraint two_factor_once_per_user unique,
  verified boolean default true,
  failed_verification_count integer default 0,
  -- Until when the owner has been told that somebody guesses; the lock itself is counted from totp_attempt.
  locked_until timestamptz
);
create index two_factor_secret_idx on auth.two_factor (secret);
create index two_factor_user_id_idx on auth.two_factor (user_id);

-- One row per code tried, before it is checked. The code is an HMAC: six digits hashed without a key would be found at once.
create table auth.totp_attempt (
  user_id text not null references auth."user" on delete cascade,
  code bytea not null,
  tried_at timestamptz not null default now(),
  right_code boolean not null default false,
  primary key (user_id, code)
);

grant select, insert, update, delete on auth.two_factor, auth.totp_attempt to pingvas_auth;

-- Another second factor ends sign-ins as another password does.
alter table auth.refresh_family drop constraint refresh_family_end_reason_known;
alter table auth.refresh_family add constraint refresh_family_end_reason_known
  check (end_reason in ('revoked', 'reuse', 'password_changed', 'disabled', 'second_factor_changed'));
