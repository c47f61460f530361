-- What a generation's price was computed from, so that its measured time can price the next one of the same shape: no words, no pictures.
alter table public.generation
  add column timing_shape text,
  add column timing_images smallint constraint generation_timing_images_positive check (timing_images > 0);

-- How long one image takes, as measured. Belongs to nobody: sums over all workspaces, replaced by a chore.
create table public.timing_quantile (
  model_id text not null references public.model on delete cascade,
  timing_shape text not null,
  device_class text not null,
  -- Generations measured; one of several images counts once, with the mean of its images.
  samples integer not null,
  p50_ms double precision not null,
  p99_ms double precision not null,
  refreshed_at timestamptz not null,
  primary key (model_id, timing_shape, device_class)
);
grant select on public.timing_quantile to pingvas_app, pingvas_admin;
grant select, insert, update, delete on public.timing_quantile to pingvas_queue;
