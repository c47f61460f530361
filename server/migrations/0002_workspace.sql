create table public.workspace (
  workspace_id uuid primary key,
  kind text not null constraint workspace_kind_known check (kind in ('personal', 'team')),
  name text not null,
  owner_user_id text not null,
  plan text not null default 'free' constraint workspace_plan_known check (plan in ('free', 'starter', 'pro', 'studio', 'enterprise')),
  suspended_at timestamptz,
  created_at timestamptz not null default now()
);
create unique index workspace_one_personal_each on public.workspace (owner_user_id) where kind = 'personal';

create table public.workspace_member (
  workspace_id uuid not null references public.workspace on delete cascade,
  user_id text not null,
  role text not null constraint workspace_member_role_known check (role in ('owner', 'admin', 'member', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (workspace_id, user_id)
);
create index workspace_member_by_user on public.workspace_member (user_id);

alter table public.workspace enable row level security;
alter table public.workspace force row level security;
alter table public.workspace_member enable row level security;
alter table public.workspace_member force row level security;

grant select, update (name) on public.workspace to pingvas_app;
grant select, insert, update, delete on public.workspace_member to pingvas_app;
grant select, insert, update, delete on public.workspace, public.workspace_member to pingvas_admin, pingvas_queue;

-- A workspace is seen from inside, and by a person who is a member of it (to list "my workspaces" before one is chosen).
create policy app_inside on public.workspace to pingvas_app
  using (
    workspace_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)
    or workspace_id in (
      select m.workspace_id from public.workspace_member m
      where m.user_id = (select nullif(current_setting('app.user_id', true), ''))
    )
  )
  with check (workspace_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy admin_all on public.workspace to pingvas_admin using (true) with check (true);
create policy queue_all on public.workspace to pingvas_queue using (true) with check (true);

create policy app_inside on public.workspace_member to pingvas_app
  using (
    workspace_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)
    or user_id = (select nullif(current_setting('app.user_id', true), ''))
  )
  with check (workspace_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy admin_all on public.workspace_member to pingvas_admin using (true) with check (true);
create policy queue_all on public.workspace_member to pingvas_queue using (true) with check (true);
