-- How well a job repeated the picture it reproduces: {verdict, distance, why}, written when it ends.
alter table public.generation
  add column reproduction_verdict jsonb
    constraint generation_reproduction_verdict_known check (reproduction_verdict->>'verdict' in ('identical', 'similar', 'impossible'));
