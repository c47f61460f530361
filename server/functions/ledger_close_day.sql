-- Notes where every chain that moved on a day stood at its end, as salted leaves, and returns {day, root, leaves, previous_root} for the signature.
-- The formulas of leaf and root are those of chain/day.ts. Taken again, it answers the same: leaves are never drawn twice.
create or replace function public.ledger_close_day(p_day date) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from constant timestamptz := p_day::timestamp at time zone 'UTC';
  v_to constant timestamptz := (p_day + 1)::timestamp at time zone 'UTC';
begin
  -- Drawn once, by one closer: what has been signed must find the same leaves for ever. A seal that commits later than this is in no list of its
  -- day; the chain's next day covers it.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('ledger day ' || p_day, 0));
  with moved as (
    select distinct on (s.workspace_id) s.workspace_id, s.seq, s.hash,
      replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '') as salt
    from public.ledger_seal s where s.sealed_at >= v_from and s.sealed_at < v_to order by s.workspace_id, s.seq desc
  )
  insert into public.ledger_day_leaf (day, workspace_id, seq, salt, leaf)
    select p_day, m.workspace_id, m.seq, m.salt,
      encode(sha256(convert_to(m.salt || ':' || m.workspace_id || ':' || m.seq || ':' || m.hash, 'UTF8')), 'hex')
    from moved m where not exists (select from public.ledger_day_leaf l where l.day = p_day);
  return (
    select jsonb_build_object(
      'day', p_day,
      'root', encode(sha256(convert_to(coalesce(string_agg(l.leaf, e'\n' order by l.leaf collate "C"), ''), 'UTF8')), 'hex'),
      'leaves', count(*),
      'previous_root', (select d.root from public.ledger_day d where d.day < p_day order by d.day desc limit 1))
    from public.ledger_day_leaf l where l.day = p_day);
end $$;
alter function public.ledger_close_day(date) owner to pingvas_queue;
revoke all on function public.ledger_close_day(date) from public;
grant execute on function public.ledger_close_day(date) to pingvas_app;
