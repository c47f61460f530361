-- The LoRAs a request names; the worker that takes it must have them all.
create or replace function public.request_loras(p_request jsonb) returns text[]
language sql immutable parallel safe
return array(select l.value->>'id' from pg_catalog.jsonb_array_elements(coalesce(p_request->'loras', '[]'::jsonb)) l);
alter function public.request_loras(jsonb) owner to pingvas_queue;
revoke all on function public.request_loras(jsonb) from public;
