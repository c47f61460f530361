-- Better Auth's own tables, in a schema of their own: it sets no tenant, so they stand outside row-level security and only its role gets in.
-- The columns are what Better Auth 1.7.25 asks for with our field names (a test compares them); the constraints named here are ours.
create schema auth;
grant usage on schema auth to pingvas_auth;

create table auth."user" (
  id text primary key,
  name text not null,
  email text not null constraint user_email_key unique,
  email_verified boolean not null,
  image text,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp,
  locale text not null default 'en' constraint user_locale_known check (locale in ('ko', 'en')),
  -- Grows when every sign-in of a person must end at once.
  epoch integer not null default 0,
  disabled_at timestamptz,
  constraint user_email_lower_case check (email = lower(email))
);

create table auth.session (
  id text primary key,
  expires_at timestamptz not null,
  token text not null constraint session_token_key unique,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null,
  ip_address text,
  user_agent text,
  user_id text not null references auth."user" on delete cascade
);
create index session_user_id_idx on auth.session (user_id);

create table auth.account (
  id text primary key,
  account_id text not null,
  provider_id text not null,
  user_id text not null references auth."user" on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null,
  -- Missing in the stock schema: one person of a provider is one account of ours.
  constraint account_once_per_provider unique (provider_id, account_id)
);
create index account_user_id_idx on auth.account (user_id);

create table auth.verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp
);
create index verification_identifier_idx on auth.verification (identifier);

create table auth.jwks (
  id text primary key,
  public_key text not null,
  -- Encrypted with AUTH_SECRET.
  private_key text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  alg text,
  crv text
);

-- One sign-in of a program. Its row is the lock of its refresh tokens: whoever rotates or ends takes it first.
create table auth.refresh_family (
  family_id uuid primary key,
  user_id text not null references auth."user" on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text constraint refresh_family_end_reason_known check (end_reason in ('revoked', 'reuse', 'password_changed', 'disabled'))
);
create index refresh_family_by_user on auth.refresh_family (user_id) where ended_at is null;
create index refresh_family_age on auth.refresh_family (expires_at);

-- Refresh tokens, kept only as SHA-256 of 256 random bits.
create table auth.refresh_token (
  hash bytea primary key,
  family_id uuid not null references auth.refresh_family on delete cascade,
  created_at timestamptz not null default now(),
  used_at timestamptz
);
create index refresh_token_by_family on auth.refresh_token (family_id);

grant select, insert, update, delete on all tables in schema auth to pingvas_auth;

-- The functions that cross workspaces join a caller's facts (find_caller, find_api_key): names and states, no secret but the session's token to find it by.
grant usage on schema auth to pingvas_queue;
grant select (id, email, name, locale, email_verified, epoch, disabled_at) on auth."user" to pingvas_queue;
grant select (id, token, user_id, expires_at) on auth.session to pingvas_queue;
grant select (family_id, user_id, expires_at, ended_at) on auth.refresh_family to pingvas_queue;
