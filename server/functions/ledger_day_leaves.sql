-- The published list of a closed day: salted hashes in order, which tell nobody whose they are.
create or replace function public.ledger_day_leaves(p_day date) returns text[]
language sql stable security definer
set search_path = ''
as $$
  select array_agg(l.leaf order by l.leaf collate "C") from public.ledger_day_leaf l
  where l.day = p_day and exists (select from public.ledger_day d where d.day = p_day)
$$;
alter function public.ledger_day_leaves(date) owner to pingvas_queue;
revoke all on function public.ledger_day_leaves(date) from public;
grant execute on function public.ledger_day_leaves(date) to pingvas_app;
