-- The period a generation was submitted in: key budgets and API calls count there, also when the job ends in the next one.
alter table public.generation add column period_start timestamptz not null;
-- When it first stood in the queue; a job that comes back from a lost worker takes its old place.
alter table public.generation add column queued_at timestamptz;
-- A dead letter has at most one living second run.
create unique index generation_requeued_once on public.generation (requeue_of)
  where requeue_of is not null and status in ('backlogged', 'queued', 'running', 'succeeded');

-- Jobs of the workspace that may be queued or running at once, as of its last submit; the rest is backlogged.
alter table public.credit_account add column running_max integer not null default 1
  constraint credit_account_running_max_positive check (running_max > 0);
