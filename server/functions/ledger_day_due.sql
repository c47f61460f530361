-- The earliest day (UTC) with seals that has ended and has no signed head yet; null when there is none. A few minutes are left for seals whose
-- transaction began before midnight.
create or replace function public.ledger_day_due() returns date
language sql stable security definer
set search_path = ''
as $$
  select min((s.sealed_at at time zone 'UTC')::date) from public.ledger_seal s
  where s.sealed_at >= coalesce((select max(d.day) + 1 from public.ledger_day d)::timestamp at time zone 'UTC', '-infinity')
    and s.sealed_at < date_trunc('day', (now() - interval '5 minutes') at time zone 'UTC') at time zone 'UTC'
$$;
alter function public.ledger_day_due() owner to pingvas_queue;
revoke all on function public.ledger_day_due() from public;
grant execute on function public.ledger_day_due() to pingvas_app;
