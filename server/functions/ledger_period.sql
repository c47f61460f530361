-- The month [period_start, period_end) that contains p_at, counted from the anchor in UTC with the day clamped to the month's end. Always
-- counted from the anchor, so that 31 January is followed by 28 February and then by 31 March. Its twin is domain/src/period.ts.
create or replace function public.ledger_period(p_anchor timestamptz, p_at timestamptz, out period_start timestamptz, out period_end timestamptz)
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  v_anchor timestamp := p_anchor at time zone 'UTC';
  v_at timestamp := p_at at time zone 'UTC';
  v_months integer := (extract(year from v_at) - extract(year from v_anchor)) * 12 + extract(month from v_at) - extract(month from v_anchor);
begin
  if v_anchor + v_months * interval '1 month' > v_at then
    v_months := v_months - 1;
  end if;
  period_start := (v_anchor + v_months * interval '1 month') at time zone 'UTC';
  period_end := (v_anchor + (v_months + 1) * interval '1 month') at time zone 'UTC';
end $$;
alter function public.ledger_period(timestamptz, timestamptz) owner to pingvas_queue;
revoke all on function public.ledger_period(timestamptz, timestamptz) from public;
grant execute on function public.ledger_period(timestamptz, timestamptz) to pingvas_queue, pingvas_app, pingvas_admin;
