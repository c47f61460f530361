-- How far each kind of object of a provider has been compared with the provider's own lists. Belongs to nobody.
create table public.billing_reconcile (
  provider text not null,
  kind text not null constraint billing_reconcile_kind_known check (kind in ('subscription', 'invoice', 'order', 'dispute')),
  -- All that changed before this instant has been taken in.
  through_at timestamptz not null,
  primary key (provider, kind)
);
grant select, insert, update on public.billing_reconcile to pingvas_app;
grant select on public.billing_reconcile to pingvas_admin;

-- What a comparison found that no delivery had told us: the object as we had it (null: not at all) and as it is.
create table public.billing_drift (
  drift_id uuid primary key default public.new_id(),
  workspace_id uuid not null references public.workspace on delete cascade,
  provider text not null,
  kind text not null,
  object_id text not null,
  before jsonb,
  after jsonb not null,
  found_at timestamptz not null
);
create index billing_drift_by_time on public.billing_drift (found_at);
create index billing_drift_by_workspace on public.billing_drift (workspace_id);
select meta.protect_tenant_table('public.billing_drift');
grant select, insert on public.billing_drift to pingvas_app;
grant select on public.billing_drift to pingvas_admin;
