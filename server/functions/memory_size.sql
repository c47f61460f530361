-- What of a request decides how much memory it takes: pixels of one picture, and how many LoRAs, control and reference pictures come with it.
create or replace function public.memory_size(p_request jsonb, out pixels bigint, out extras smallint)
language sql immutable parallel safe
set search_path = ''
as $$
  select
    ((p_request->>'width')::bigint + coalesce((p_request#>>'{outpaint,left}')::bigint, 0) + coalesce((p_request#>>'{outpaint,right}')::bigint, 0))
    * ((p_request->>'height')::bigint + coalesce((p_request#>>'{outpaint,top}')::bigint, 0) + coalesce((p_request#>>'{outpaint,bottom}')::bigint, 0))
    * coalesce((p_request#>>'{upscale,factor}')::bigint, 1) ^ 2,
    jsonb_array_length(coalesce(p_request->'loras', '[]')) + jsonb_array_length(coalesce(p_request->'control', '[]'))
    + jsonb_array_length(coalesce(p_request->'reference_images', '[]'))
$$;
alter function public.memory_size(jsonb) owner to pingvas_queue;
revoke all on function public.memory_size(jsonb) from public;
