-- The hot paths are called for many jobs at once; the functions for one job are steps inside them, or gone. A fresh database never had it.
drop function if exists public.claim_generation(jsonb);
