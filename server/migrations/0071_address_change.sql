-- A person's wish for another address, until both mailboxes have agreed. The links carry its id; the state here makes each work once.
create table auth.address_change (
  change_id uuid primary key,
  -- A newer wish replaces an older one.
  user_id text not null references auth."user" on delete cascade constraint address_change_one_per_user unique,
  old_email text not null,
  new_email text not null constraint address_change_lower_case check (new_email = lower(new_email)),
  agreed_at timestamptz,
  expires_at timestamptz not null
);
grant select, insert, update, delete on auth.address_change to pingvas_auth;
