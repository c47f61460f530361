-- A person who asked to go. Until `due_at` they can take it back; after it a chore erases what is theirs alone, and then the person.
create table auth.account_deletion (
  user_id text primary key references auth."user" on delete cascade,
  asked_at timestamptz not null default now(),
  due_at timestamptz not null
);
create index account_deletion_due on auth.account_deletion (due_at);
grant select, insert, update, delete on auth.account_deletion to pingvas_auth;

-- What erases a workspace asks whether all who belong to it are due to go, and takes their words and keys.
grant select on auth.account_deletion to pingvas_queue;
grant update (revoked_at, name) on public.api_key to pingvas_queue;
grant delete on public.workspace_invitation to pingvas_queue;
