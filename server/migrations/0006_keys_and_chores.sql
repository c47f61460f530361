create table public.api_key (
  key_id uuid primary key,
  workspace_id uuid not null references public.workspace on delete cascade,
  created_by text not null,
  name text not null,
  -- SHA-256 of the whole secret (256 random bits, so no slow hash is needed); the secret itself is shown once and never stored.
  hash bytea not null constraint api_key_hash_unique unique,
  prefix text not null,
  scopes text[] not null constraint api_key_scopes_known check (scopes <@ array['read', 'generate']),
  monthly_credit_budget bigint constraint api_key_budget_not_negative check (monthly_credit_budget >= 0),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now()
);
create index api_key_newest on public.api_key (workspace_id, key_id desc);

-- What a key spent in a period of its workspace (milli-credits); changed under the lock of the credit account.
create table public.api_key_usage (
  key_id uuid not null references public.api_key on delete cascade,
  workspace_id uuid not null,
  period_start timestamptz not null,
  held bigint not null default 0 constraint api_key_usage_held_not_negative check (held >= 0),
  spent bigint not null default 0,
  primary key (key_id, period_start)
) with (fillfactor = 50);

-- Answers of calls that created or spent something, for 24 hours; written in the transaction of the effect.
create table public.idempotency (
  workspace_id uuid not null references public.workspace on delete cascade,
  key text not null,
  fingerprint text not null,
  status_code smallint not null,
  response jsonb not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, key)
);
create index idempotency_age on public.idempotency (created_at);

select meta.protect_tenant_table(t::regclass) from unnest(array['public.api_key', 'public.api_key_usage', 'public.idempotency']) t;
grant select, insert, update on public.api_key to pingvas_app, pingvas_admin;
grant select on public.api_key to pingvas_queue;
grant update (last_used_at) on public.api_key to pingvas_queue;
grant select on public.api_key_usage to pingvas_app, pingvas_admin;
grant select, insert, update on public.api_key_usage to pingvas_queue;
grant select, insert on public.idempotency to pingvas_app, pingvas_admin;
grant select, insert, delete on public.idempotency to pingvas_queue;

-- Chores that the hot paths cause: a drainer hands them to the chore runner. Ids only, no content.
create table public.outbox (
  outbox_id bigint generated always as identity primary key,
  task text not null,
  payload jsonb not null,
  created_at timestamptz not null default now()
);
alter table public.outbox enable row level security;
alter table public.outbox force row level security;
create policy queue_all on public.outbox to pingvas_queue using (true) with check (true);
create policy drain on public.outbox to pingvas_app, pingvas_admin using (true) with check (true);
-- `for update skip locked` asks for the right to update.
grant select, insert, update, delete on public.outbox to pingvas_queue, pingvas_app, pingvas_admin;

-- The development mailbox. In production a real provider delivers and this table stays empty.
create table public.mail_message (
  message_id text primary key,
  recipient text not null,
  subject text not null,
  text_body text not null,
  html_body text not null,
  created_at timestamptz not null default now()
);
grant select, insert, delete on public.mail_message to pingvas_app;
