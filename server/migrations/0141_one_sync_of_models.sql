-- `sync_models` does its work and more.
drop function if exists public.add_model(jsonb);
