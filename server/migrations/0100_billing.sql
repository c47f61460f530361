-- A disputed payment freezes what it bought: it can neither be held nor taken by hand until the bank has decided. What is held already stays held.
alter table public.credit_grant add column frozen_at timestamptz;
grant update (frozen_at) on public.credit_grant to pingvas_queue;

-- Which item of the catalogue a provider's variant is; filled by `pingvas billing sync`, or given by settings. Test and live mode are different shops.
create table public.payment_variant (
  provider text not null,
  variant_id text not null,
  item_id text not null,
  test_mode boolean not null,
  created_at timestamptz not null default now(),
  primary key (provider, variant_id),
  constraint payment_variant_one_per_item unique (provider, item_id, test_mode)
);
grant select on public.payment_variant to pingvas_app;
grant select, insert, update, delete on public.payment_variant to pingvas_admin;

-- What the providers' objects are, by their last known state. The provider's `updated_at` decides which of two states is the newer one.
create table public.billing_subscription (
  provider text not null,
  subscription_id text not null,
  workspace_id uuid not null references public.workspace on delete cascade,
  customer_id text not null,
  item_id text not null,
  status text not null constraint billing_subscription_status_known
    check (status in ('on_trial', 'active', 'paused', 'past_due', 'unpaid', 'cancelled', 'expired')),
  cancelled boolean not null,
  pause_mode text constraint billing_subscription_pause_known check (pause_mode in ('void', 'free')),
  pause_resumes_at timestamptz,
  renews_at timestamptz,
  ends_at timestamptz,
  card_brand text,
  card_last_four text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (provider, subscription_id)
);
create index billing_subscription_by_workspace on public.billing_subscription (workspace_id);

-- Which item a subscription was from when on: invoices of some providers do not say what they are for.
create table public.billing_subscription_item (
  provider text not null,
  subscription_id text not null,
  since timestamptz not null,
  workspace_id uuid not null references public.workspace on delete cascade,
  item_id text not null,
  primary key (provider, subscription_id, since)
);

-- Invoices of subscriptions, and orders: one-off purchases.
create table public.billing_payment (
  provider text not null,
  kind text not null constraint billing_payment_kind_known check (kind in ('invoice', 'order')),
  payment_id text not null,
  workspace_id uuid not null references public.workspace on delete cascade,
  subscription_id text constraint billing_payment_of_subscription check ((kind = 'invoice') = (subscription_id is not null)),
  customer_id text not null,
  -- What the provider says it is for; null: what the subscription was then.
  item_id text,
  reason text not null constraint billing_payment_reason_known check (reason in ('initial', 'renewal', 'updated', 'other', 'order')),
  status text not null constraint billing_payment_status_known
    check (status in ('pending', 'paid', 'failed', 'void', 'refunded', 'partial_refund', 'fraudulent')),
  currency text not null,
  total_cents bigint not null,
  refunded_cents bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (provider, kind, payment_id)
);
create index billing_payment_newest on public.billing_payment (workspace_id, created_at desc, payment_id desc);

create table public.billing_dispute (
  provider text not null,
  dispute_id text not null,
  workspace_id uuid not null references public.workspace on delete cascade,
  payment_kind text not null,
  payment_id text not null,
  status text not null constraint billing_dispute_status_known check (status in ('open', 'won', 'lost')),
  currency text not null,
  amount_cents bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (provider, dispute_id)
);
create index billing_dispute_by_workspace on public.billing_dispute (workspace_id);

-- The grants that payments brought: each part of a payment once, and how much of it was to be taken back and was.
create table public.billing_grant (
  provider text not null,
  kind text not null,
  payment_id text not null,
  part text not null,
  workspace_id uuid not null references public.workspace on delete cascade,
  grant_id uuid not null references public.credit_grant,
  granted bigint not null constraint billing_grant_positive check (granted > 0),
  back_wanted bigint not null default 0,
  back_taken bigint not null default 0,
  primary key (provider, kind, payment_id, part),
  constraint billing_grant_takes_what_it_may check (0 <= back_taken and back_taken <= back_wanted and back_wanted <= granted)
);
create index billing_grant_by_workspace on public.billing_grant (workspace_id);

-- The plan that billing has put a workspace on, and when it has to look again by itself (an end, a month of a year).
create table public.billing_state (
  workspace_id uuid primary key references public.workspace on delete cascade,
  plan text not null,
  anchor_at timestamptz not null,
  free_credits boolean not null,
  look_again_at timestamptz
);
create index billing_state_due on public.billing_state (look_again_at);

-- Enterprise, agreed on paper. The newest that has begun and not ended counts.
create table public.enterprise_contract (
  contract_id uuid primary key,
  workspace_id uuid not null references public.workspace on delete cascade,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  note text not null default '',
  created_at timestamptz not null default now(),
  constraint enterprise_contract_lasts check (ends_at > starts_at)
);
create index enterprise_contract_by_workspace on public.enterprise_contract (workspace_id);

select meta.protect_tenant_table(t::regclass) from unnest(array[
  'public.billing_subscription', 'public.billing_subscription_item', 'public.billing_payment', 'public.billing_dispute', 'public.billing_grant',
  'public.billing_state', 'public.enterprise_contract']) t;
grant select, insert, update on public.billing_subscription, public.billing_subscription_item, public.billing_payment, public.billing_dispute
  to pingvas_app;
grant select on public.billing_grant, public.billing_state, public.enterprise_contract to pingvas_app;
grant select on public.billing_subscription, public.billing_subscription_item, public.billing_payment, public.billing_dispute,
  public.billing_grant, public.billing_state, public.enterprise_contract to pingvas_admin;
grant insert, update on public.enterprise_contract to pingvas_admin;
grant select on public.billing_subscription, public.billing_payment, public.billing_dispute to pingvas_queue;
grant select, insert, update on public.billing_grant, public.billing_state to pingvas_queue;

-- What providers sent us, as it came: nobody's until it is read. Only the functions reach it; bodies are kept 90 days.
create table public.webhook_event (
  webhook_event_id uuid primary key,
  provider text not null,
  name text not null,
  delivery_key text not null,
  body bytea not null,
  body_sha256 bytea not null,
  received_at timestamptz not null default now(),
  -- `waiting`, then what came of it: `applied`, `ignored` (no money in it), or why nothing was granted.
  outcome text not null default 'waiting',
  ended_at timestamptz,
  constraint webhook_event_once unique (provider, delivery_key, body_sha256)
);
create index webhook_event_by_time on public.webhook_event (received_at);
alter table public.webhook_event enable row level security;
alter table public.webhook_event force row level security;
create policy queue_all on public.webhook_event to pingvas_queue using (true) with check (true);
create policy admin_all on public.webhook_event to pingvas_admin using (true) with check (true);
grant select, insert, update, delete on public.webhook_event to pingvas_queue;
grant select on public.webhook_event to pingvas_admin;
