-- A change of product that was asked for and is not the provider's state yet. An upgrade is sent at once, a downgrade shortly before the period ends; what a
-- crash left unsent the chore sends. One at a time in a workspace.
create table public.plan_change (
  workspace_id uuid primary key references public.workspace on delete cascade,
  plan_change_id uuid not null,
  provider text not null,
  subscription_id text not null,
  item_id text not null,
  kind text not null constraint plan_change_kind_known check (kind in ('upgrade', 'downgrade')),
  effective_at timestamptz not null,
  send_at timestamptz not null,
  attempts integer not null default 0,
  created_at timestamptz not null default now()
);
create index plan_change_due on public.plan_change (send_at);
select meta.protect_tenant_table('public.plan_change');
grant select, insert, update, delete on public.plan_change to pingvas_app;
grant select on public.plan_change to pingvas_queue, pingvas_admin;
