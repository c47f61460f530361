-- Twins of `effectiveLevel` and `claimScore` in domain/src/priority.ts, where every number has its reason; a property test holds them equal.
-- The bodies are parsed once and name nothing outside pg_catalog, so they need no search path and the planner can fold them in.
create or replace function public.effective_level(p_level integer, p_waited_ms bigint) returns integer
language sql immutable parallel safe
return greatest(p_level, least(10, p_level + (greatest(0, p_waited_ms) / 30000)::integer));

create or replace function public.claim_score(
  p_level integer, p_waited_ms bigint, p_swap_ms bigint, p_queued_of_model integer, p_recent_gpu_ms bigint, p_bypassed integer
) returns bigint
language sql immutable parallel safe
return
  public.effective_level(p_level, p_waited_ms) * 300::bigint
  + case when p_level >= 4
      then least(26000, greatest(0, p_waited_ms * 4 - 78000)) * 20000 / 26000
      else least(200000, greatest(0, p_waited_ms * 4 - 600000)) * 8000 / 200000
    end
  - greatest(0, p_swap_ms) / least(32, greatest(1, p_queued_of_model))
  - 299 * greatest(0, p_recent_gpu_ms) / (greatest(0, p_recent_gpu_ms) + 60000)
  + case when p_bypassed >= 20 then 1000000000 else 0 end;

alter function public.effective_level(integer, bigint) owner to pingvas_queue;
alter function public.claim_score(integer, bigint, bigint, integer, bigint, integer) owner to pingvas_queue;
revoke all on function public.effective_level(integer, bigint) from public;
revoke all on function public.claim_score(integer, bigint, bigint, integer, bigint, integer) from public;
-- The app explains to a customer why a job waits.
grant execute on function public.effective_level(integer, bigint) to pingvas_app;
grant execute on function public.claim_score(integer, bigint, bigint, integer, bigint, integer) to pingvas_app;
