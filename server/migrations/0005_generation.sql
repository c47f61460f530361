-- The catalogue: what can be rendered, for whom. Not a workspace's data; every role of ours may read it.
create table public.model (
  model_id text primary key,
  engine text not null,
  name text not null,
  base text not null,
  -- As the engine reported it: modes, sizes, steps, guidance, schedulers, styles, languages, licence.
  capabilities jsonb not null,
  -- Plans that may use it; null = all.
  plans text[],
  enabled boolean not null default true,
  -- Start values until samples exist, milliseconds.
  load_ms integer not null,
  image_ms integer not null,
  position integer not null default 0,
  created_at timestamptz not null default now()
);

-- Worker processes as they report themselves; one that was not seen for a lease is gone.
create table public.worker (
  worker_id uuid primary key,
  name text not null,
  engine text not null,
  device text not null,
  device_class text not null,
  models text[] not null,
  loaded_model text,
  draining boolean not null default false,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
) with (fillfactor = 50);

grant select on public.model, public.worker to pingvas_app, pingvas_admin, pingvas_queue;
grant insert, update, delete on public.model to pingvas_admin;
grant insert on public.model to pingvas_queue;
grant insert, update, delete on public.worker to pingvas_queue;

-- A request and its facts. The public API calls it a job.
create table public.generation (
  generation_id uuid primary key,
  workspace_id uuid not null references public.credit_account,
  user_id text,
  api_key_id uuid,
  status text not null constraint generation_status_known check (status in
    ('backlogged', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired')),
  -- Grows with every change of state; clients and hints carry it.
  version integer not null default 1,
  model_id text not null references public.model,
  mode text not null,
  -- The plan's queue priority at submit (2 to 10).
  level smallint not null constraint generation_level_known check (level between 1 and 10),
  -- Every default resolved, as the API shows it.
  request jsonb not null,
  -- The binding quote, and what of it is the API call's surcharge (milli-credits).
  expected bigint not null,
  ceiling bigint not null,
  surcharge bigint not null default 0,
  held bigint not null default 0,
  charged bigint,
  -- Number of the present or last attempt, and how many count towards the limit (a drain or an engine that is down does not).
  attempt smallint not null default 0,
  attempts_counted smallint not null default 0,
  timeout_ms integer not null,
  error_code text,
  error_detail text,
  recipe_sha256 text,
  -- The image this job reproduces, or the dead letter it runs again.
  reproduction_of uuid,
  requeue_of uuid,
  start_by timestamptz not null,
  cancel_requested_at timestamptz,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default now(),
  -- Set when the owner deleted the ended job: words and pictures are gone, the receipt's amounts stay.
  wiped_at timestamptz
) with (fillfactor = 70);
create index generation_newest on public.generation (workspace_id, generation_id desc);
create index generation_changed on public.generation (workspace_id, updated_at);
create index generation_backlog on public.generation (workspace_id, generation_id) where status = 'backlogged';
create index generation_start_by on public.generation (start_by) where status in ('backlogged', 'queued');

-- A job's place in the queue. Claiming deletes the row: claim and settle never fight over one.
create table public.ready (
  generation_id uuid primary key references public.generation,
  workspace_id uuid not null,
  level smallint not null,
  model_id text not null,
  enqueued_at timestamptz not null default now(),
  -- How often a job that should have come later was taken first.
  bypassed smallint not null default 0
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
create index ready_by_level on public.ready (level, enqueued_at, generation_id);
create index ready_by_model on public.ready (model_id, level, enqueued_at, generation_id);
create index ready_by_lane on public.ready (workspace_id, model_id, level, enqueued_at, generation_id);

-- A claim is a lease, renewed by heartbeat. Only the database's clock decides who holds it.
create table public.running (
  generation_id uuid primary key references public.generation,
  workspace_id uuid not null,
  worker_id uuid not null,
  attempt smallint not null,
  lease_until timestamptz not null,
  cancel_requested boolean not null default false,
  progress real not null default 0,
  phase text not null default 'load',
  step integer not null default 0,
  steps integer not null default 0,
  -- Number of the newest stored preview; 0 = none yet.
  preview integer not null default 0
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
create index running_lease on public.running (lease_until);
create index running_by_worker on public.running (worker_id);
create index running_by_workspace on public.running (workspace_id);

-- Each try, with the phases a receipt shows. Times in microseconds; only `billed` (milli-credits) of the attempt that succeeded costs.
create table public.generation_attempt (
  generation_id uuid not null references public.generation,
  number smallint not null,
  workspace_id uuid not null,
  worker_id uuid not null,
  worker_name text not null,
  device text not null,
  device_class text not null,
  outcome text constraint generation_attempt_outcome_known check (outcome in
    ('succeeded', 'failed', 'cancelled', 'timed_out', 'lease_lost', 'drained', 'engine_down')),
  load_us bigint not null default 0,
  encode_us bigint not null default 0,
  denoise_us bigint not null default 0,
  decode_us bigint not null default 0,
  upload_us bigint not null default 0,
  billed bigint not null default 0,
  -- Why it cost what it cost.
  why text not null default '',
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (generation_id, number)
) with (fillfactor = 70);

-- A stored picture: the result of a generation, or an upload.
create table public.image (
  image_id uuid primary key,
  workspace_id uuid not null references public.credit_account,
  generation_id uuid references public.generation,
  kind text not null constraint image_kind_known check (kind in ('result', 'upload')),
  position smallint not null default 0,
  width integer not null,
  height integer not null,
  seed bigint,
  size_bytes bigint not null,
  sha256 text not null,
  storage_key text not null constraint image_storage_key_inside_its_workspace check (starts_with(storage_key, 'ws/' || workspace_id::text || '/')),
  engine_info jsonb not null default '{}',
  recipe jsonb,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  constraint image_one_per_position unique (generation_id, position),
  constraint image_object_once unique (storage_key)
);
create index image_newest on public.image (workspace_id, image_id desc) where deleted_at is null;
create index image_trash on public.image (workspace_id, image_id desc) where deleted_at is not null;
create index image_trash_age on public.image (deleted_at) where deleted_at is not null;

select meta.protect_tenant_table(t::regclass) from unnest(array[
  'public.generation', 'public.ready', 'public.running', 'public.generation_attempt', 'public.image']) t;

grant select on public.generation, public.ready, public.running, public.generation_attempt, public.image to pingvas_app, pingvas_admin;
-- Uploads and the trash are the app's; states, money and results move in the queue's functions alone.
grant insert, update (deleted_at), delete on public.image to pingvas_app;
grant select, insert, update, delete on public.generation, public.ready, public.running, public.generation_attempt, public.image to pingvas_queue;
