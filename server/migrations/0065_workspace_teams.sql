-- What a member may spend in a month of the workspace (milli-credits); null = no limit of their own.
alter table public.workspace_member add column monthly_credit_budget bigint
  constraint workspace_member_budget_not_negative check (monthly_credit_budget >= 0);
-- A team follows its owners: when the first one goes, another takes the name.
grant update (owner_user_id) on public.workspace to pingvas_app;

-- What a person spent in a period of a workspace (milli-credits), by whatever door; changed under the lock of the credit account. It outlives the
-- membership: who is removed and comes back has the month's budget once.
create table public.member_usage (
  workspace_id uuid not null references public.workspace on delete cascade,
  user_id text not null,
  period_start timestamptz not null,
  held bigint not null default 0 constraint member_usage_held_not_negative check (held >= 0),
  spent bigint not null default 0,
  primary key (workspace_id, user_id, period_start)
) with (fillfactor = 50);

-- Jobs that are there already count as if they had always been counted. The owner of the tables sees no row behind the wall without a policy.
create policy backfill on public.generation for select to current_user using (true);
insert into public.member_usage (workspace_id, user_id, period_start, held, spent)
  select g.workspace_id, g.user_id, g.period_start,
    coalesce(sum(g.ceiling) filter (where g.status in ('backlogged', 'queued', 'running')), 0), coalesce(sum(g.charged), 0)
  from public.generation g where g.user_id is not null and g.requeue_of is null group by 1, 2, 3;
drop policy backfill on public.generation;

-- An invitation is open until it is accepted, revoked or expired. Of its token only the SHA-256 is kept.
create table public.workspace_invitation (
  invitation_id uuid primary key,
  workspace_id uuid not null references public.workspace on delete cascade,
  email text not null constraint workspace_invitation_email_lower_case check (email = lower(email)),
  role text not null constraint workspace_invitation_role_known check (role in ('owner', 'admin', 'member', 'viewer')),
  token_hash bytea not null constraint workspace_invitation_token_unique unique,
  invited_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  accepted_at timestamptz,
  accepted_by text
);
create unique index workspace_invitation_one_open on public.workspace_invitation (workspace_id, email)
  where accepted_at is null and revoked_at is null;
create index workspace_invitation_newest on public.workspace_invitation (workspace_id, invitation_id desc);

-- Which share of a budget has been told about in a period: told once, also when the budget is raised and reached again.
create table public.budget_alert (
  workspace_id uuid not null references public.workspace on delete cascade,
  -- Whose budget: a key's id or a member's.
  subject_kind text not null constraint budget_alert_kind_known check (subject_kind in ('key', 'member')),
  subject_id text not null,
  period_start timestamptz not null,
  threshold smallint not null constraint budget_alert_threshold_known check (threshold in (50, 80, 100)),
  created_at timestamptz not null default now(),
  primary key (workspace_id, subject_kind, subject_id, period_start, threshold)
);

select meta.protect_tenant_table(t::regclass)
  from unnest(array['public.member_usage', 'public.workspace_invitation', 'public.budget_alert']) t;
grant select on public.member_usage, public.budget_alert to pingvas_app, pingvas_admin;
grant select, insert, update on public.member_usage to pingvas_queue;
grant select, insert on public.budget_alert to pingvas_queue;
grant select, insert, update on public.workspace_invitation to pingvas_app, pingvas_queue;
grant select on public.workspace_invitation to pingvas_admin;
