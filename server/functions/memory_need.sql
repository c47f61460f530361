-- The least memory a device must have for this request of a model, as far as was learned: one byte more than the largest device that was too small for
-- a request that is in no way bigger. 0 = nothing is known. A lesson is believed for a week: drivers and engines change.
create or replace function public.memory_need(p_model text, p_request jsonb) returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(max(l.short_bytes) + 1, 0)
    from public.memory_lesson l cross join public.memory_size(p_request) s
    where l.model_id = p_model and l.pixels <= s.pixels and l.extras <= s.extras and l.learned_at > now() - interval '7 days');
end $$;
alter function public.memory_need(text, jsonb) owner to pingvas_queue;
revoke all on function public.memory_need(text, jsonb) from public;
