-- What a model was seen to need of a device's memory, by the size of the request. Belongs to nobody: sizes and numbers of attached parts, no words.
create table public.memory_lesson (
  model_id text not null references public.model on delete cascade,
  -- Of one picture with its outpaint and upscale.
  pixels bigint not null,
  -- LoRAs, control and reference pictures together.
  extras smallint not null,
  -- Memory of the largest device that ran out of it, with everything spared that can be.
  short_bytes bigint not null,
  learned_at timestamptz not null default now(),
  primary key (model_id, pixels, extras)
);
grant select on public.memory_lesson to pingvas_app, pingvas_admin;
grant select, insert, update, delete on public.memory_lesson to pingvas_queue;
