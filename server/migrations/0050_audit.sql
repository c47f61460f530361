-- What operators did: append only, also for them. Not a workspace's data.
create table public.audit_entry (
  entry_id bigint generated always as identity primary key,
  -- `cli:<os user>`, or an operator's account.
  actor text not null,
  action text not null,
  details jsonb not null default '{}',
  created_at timestamptz not null default now()
);
alter table public.audit_entry enable row level security;
alter table public.audit_entry force row level security;
create policy admin_writes on public.audit_entry to pingvas_admin using (true) with check (true);
grant select, insert on public.audit_entry to pingvas_admin;
create trigger audit_entry_append_only before update or delete on public.audit_entry
  for each statement execute function public.refuse_change();
