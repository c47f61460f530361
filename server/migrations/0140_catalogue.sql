-- The catalogue follows what workers have, and knows how engines call its models.
alter table public.model
  -- Other names by which the engine knows this model; its own id is always one.
  add column engine_keys text[] not null default '{}',
  -- Where it can be installed from: a path, a URL, or owner/repository of Hugging Face.
  add column source text,
  -- The class of GPU that should serve it; scaling adds workers of this class.
  add column gpu_class text not null default 'default',
  -- The row was made from a worker's report and follows later ones; false: the catalogue's own words stay.
  add column follows_worker boolean not null default true;
grant update on public.model to pingvas_queue;

-- A style that is laid over a model of the same base.
create table public.lora (
  lora_id text primary key,
  engine text not null,
  name text not null,
  base text not null,
  -- Words of a prompt that call it up.
  trigger_words text[] not null default '{}',
  weight real not null default 0.75 constraint lora_weight_in_range check (weight between -2 and 2),
  licence text not null default '',
  plans text[],
  enabled boolean not null default true,
  engine_keys text[] not null default '{}',
  source text,
  created_at timestamptz not null default now()
);
grant select on public.lora to pingvas_app, pingvas_admin, pingvas_queue;
grant insert, update, delete on public.lora to pingvas_admin;
grant insert on public.lora to pingvas_queue;

alter table public.worker
  add column loras text[] not null default '{}',
  -- Memory of its device; null = not known, and then no job is kept from it.
  add column memory_bytes bigint,
  add column reported_at timestamptz not null default now();

-- What a job needs of the worker that takes it, beside the model; and how long it is expected to compute.
alter table public.ready
  add column loras text[] not null default '{}',
  add column memory_min_bytes bigint not null default 0,
  add column work_ms bigint not null default 0;
-- A device with no more memory than this has failed it.
alter table public.generation
  add column memory_min_bytes bigint not null default 0,
  -- The operator has looked at this dead letter and put it aside.
  add column discarded_at timestamptz;
