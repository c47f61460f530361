-- Amounts are milli-credits. The row of an account is the lock of its workspace: whoever changes money takes it first.
create table public.credit_account (
  workspace_id uuid primary key references public.workspace on delete cascade,
  -- Sum of the workspace's entries.
  balance bigint not null default 0,
  -- Sum of the open holds.
  held bigint not null default 0,
  -- The month [start, end), computed from the anchor so that the 31st comes back after a short month.
  period_anchor timestamptz not null,
  period_start timestamptz not null,
  period_end timestamptz not null,
  used_in_period bigint not null default 0,
  api_calls_in_period integer not null default 0,
  -- What the clock grants at the start of each period (Free; months 2 to 12 of a yearly plan); null when an invoice does it.
  clock_grant bigint,
  -- Earliest of period end and the expiry of a grant that still has credits: nothing is due before it.
  next_due_at timestamptz not null,
  -- Jobs queued or running, and those waiting behind the workspace's own limit.
  active_jobs integer not null default 0,
  backlogged_jobs integer not null default 0,
  storage_bytes bigint not null default 0,
  -- Recent GPU time for fairness between workspaces, as of `recent_gpu_at`; halves every ten minutes.
  recent_gpu_ms bigint not null default 0,
  recent_gpu_at timestamptz not null default now(),
  constraint credit_account_held_not_negative check (held >= 0),
  constraint credit_account_balance_covers_held check (balance >= held),
  constraint credit_account_jobs_not_negative check (active_jobs >= 0 and backlogged_jobs >= 0)
) with (fillfactor = 50);
create index credit_account_due on public.credit_account (next_due_at);

create table public.credit_grant (
  grant_id uuid primary key,
  workspace_id uuid not null references public.credit_account,
  kind text not null constraint credit_grant_kind_known check (kind in ('plan', 'promotional', 'purchase', 'contract')),
  -- Burn order: lower first (plan 1, promotional 2, purchase 3, contract 4), then earlier expiry, then older.
  priority smallint not null,
  granted bigint not null constraint credit_grant_positive check (granted > 0),
  remaining bigint not null,
  -- Part of `remaining` that open holds have reserved.
  reserved bigint not null default 0,
  effective_at timestamptz not null,
  expires_at timestamptz,
  created_at timestamptz not null,
  constraint credit_grant_slices_fit check (0 <= reserved and reserved <= remaining and remaining <= granted)
) with (fillfactor = 70);
create index credit_grant_burn_order on public.credit_grant (workspace_id, priority, expires_at, created_at, grant_id) where remaining > 0;

create table public.credit_hold (
  hold_id uuid primary key,
  workspace_id uuid not null references public.credit_account,
  -- What the hold is for; the same business twice is the same hold.
  business_id text not null,
  amount bigint not null constraint credit_hold_amount_not_negative check (amount >= 0),
  state text not null default 'open' constraint credit_hold_state_known check (state in ('open', 'captured', 'released')),
  -- Usage counts in the period of the hold, also when it is captured in the next one.
  period_start timestamptz not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  constraint credit_hold_once unique (workspace_id, business_id)
) with (fillfactor = 70);

create table public.credit_hold_slice (
  hold_id uuid not null references public.credit_hold on delete cascade,
  position smallint not null,
  workspace_id uuid not null,
  grant_id uuid not null references public.credit_grant,
  amount bigint not null constraint credit_hold_slice_positive check (amount > 0),
  primary key (hold_id, position)
);

create table public.ledger_transaction (
  transaction_id uuid primary key,
  workspace_id uuid not null references public.credit_account,
  kind text not null constraint ledger_transaction_kind_known check (kind in ('grant', 'capture', 'expiry', 'refund', 'adjustment')),
  -- Who runs a step twice finds the first one by its reference and changes nothing.
  reference text not null,
  generation_id uuid,
  order_id text,
  reason text not null default '',
  created_at timestamptz not null,
  constraint ledger_transaction_once unique (workspace_id, reference)
);

create table public.ledger_entry (
  entry_id uuid primary key,
  transaction_id uuid not null references public.ledger_transaction,
  workspace_id uuid not null,
  -- `workspace` is the customer's side; the others are ours and keep no balance row (it would be one hot row for everybody).
  account text not null constraint ledger_entry_account_known check (account in
    ('workspace', 'issued:plan', 'issued:promo', 'issued:purchase', 'issued:contract', 'revenue', 'expired', 'refunded', 'adjustment')),
  amount bigint not null constraint ledger_entry_not_zero check (amount <> 0),
  -- The workspace's balance after this entry; holds do not count. Null on our side.
  balance_after bigint,
  created_at timestamptz not null,
  constraint ledger_entry_balance_on_our_customers_side check ((account = 'workspace') = (balance_after is not null))
);
create index ledger_entry_history on public.ledger_entry (workspace_id, entry_id desc) where account = 'workspace';
create index ledger_entry_by_transaction on public.ledger_entry (transaction_id);

-- Which grants paid a debit (or got a refund back: negative), so that receipts and refunds follow what happened, not today's order.
create table public.grant_consumption (
  entry_id uuid not null references public.ledger_entry,
  grant_id uuid not null references public.credit_grant,
  workspace_id uuid not null,
  amount bigint not null constraint grant_consumption_not_zero check (amount <> 0),
  primary key (entry_id, grant_id)
);

-- Free credits go once per period to one address, also when its account is deleted and made again. Only a keyed hash is kept.
create table public.free_credit_claim (
  address_hash bytea primary key,
  claimed_by uuid not null,
  period_end timestamptz not null
);
alter table public.free_credit_claim enable row level security;
alter table public.free_credit_claim force row level security;
create policy queue_all on public.free_credit_claim to pingvas_queue using (true) with check (true);
grant select, insert, update on public.free_credit_claim to pingvas_queue;

select meta.protect_tenant_table(t::regclass) from unnest(array[
  'public.credit_account', 'public.credit_grant', 'public.credit_hold', 'public.credit_hold_slice',
  'public.ledger_transaction', 'public.ledger_entry', 'public.grant_consumption']) t;

grant select on public.credit_account, public.credit_grant, public.credit_hold, public.credit_hold_slice,
  public.ledger_transaction, public.ledger_entry, public.grant_consumption to pingvas_app, pingvas_admin;
grant select, insert, update on public.credit_account, public.credit_grant, public.credit_hold to pingvas_queue;
-- Append only: not even the queue's functions may change or remove an entry.
grant select, insert on public.credit_hold_slice, public.ledger_transaction, public.ledger_entry, public.grant_consumption to pingvas_queue;

-- Double entry: at commit every transaction sums to zero, whoever wrote it.
create function public.ledger_transaction_balances() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if (select sum(e.amount) from public.ledger_entry e where e.transaction_id = new.transaction_id) <> 0 then
    raise exception 'ledger transaction % does not sum to zero', new.transaction_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger ledger_entry_sums_to_zero after insert on public.ledger_entry
  deferrable initially deferred for each row execute function public.ledger_transaction_balances();
-- The trigger's function runs for whoever inserts.
grant execute on function public.ledger_transaction_balances() to pingvas_queue;

-- History is never rewritten: the owner is refused as well.
create function public.refuse_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'rows of % are append only; repair by a compensating entry', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger ledger_transaction_append_only before update or delete on public.ledger_transaction
  for each statement execute function public.refuse_change();
create trigger ledger_entry_append_only before update or delete on public.ledger_entry
  for each statement execute function public.refuse_change();
create trigger grant_consumption_append_only before update or delete on public.grant_consumption
  for each statement execute function public.refuse_change();
