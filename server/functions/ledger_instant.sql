-- An instant as part of a reference: the same text whatever the session's time zone and date style are.
create or replace function public.ledger_instant(p_at timestamptz) returns text
language sql stable parallel safe
set search_path = ''
as $$
  select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
alter function public.ledger_instant(timestamptz) owner to pingvas_queue;
revoke all on function public.ledger_instant(timestamptz) from public;
grant execute on function public.ledger_instant(timestamptz) to pingvas_queue;
