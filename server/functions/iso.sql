-- An instant as the API writes it: UTC, milliseconds, `Z`, whatever the session's time zone.
create or replace function public.iso(p_at timestamptz) returns text
language sql stable parallel safe
return to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
alter function public.iso(timestamptz) owner to pingvas_queue;
revoke all on function public.iso(timestamptz) from public;
