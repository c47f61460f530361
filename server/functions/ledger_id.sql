-- Ids of the ledger: RFC 9562 version 7 with the microsecond in its 12 spare bits. Whoever writes holds the lock of the account, so the
-- entries of one workspace sort in the order in which they were written, also several within a millisecond.
create or replace function public.ledger_id_at(p_us bigint) returns uuid
language sql volatile parallel safe
set search_path = ''
as $$
  select encode(
    set_byte(set_byte(
      overlay(uuid_send(gen_random_uuid()) placing substring(int8send(p_us / 1000) from 3) from 1 for 6),
      6, 112 | ((p_us % 1000 * 4096 / 1000)::integer >> 8)),
      7, (p_us % 1000 * 4096 / 1000)::integer & 255),
    'hex')::uuid
$$;
create or replace function public.ledger_id() returns uuid
language sql volatile parallel safe
set search_path = ''
as $$ select public.ledger_id_at((extract(epoch from clock_timestamp()) * 1000000)::bigint) $$;
alter function public.ledger_id_at(bigint) owner to pingvas_queue;
alter function public.ledger_id() owner to pingvas_queue;
revoke all on function public.ledger_id_at(bigint) from public;
revoke all on function public.ledger_id() from public;
grant execute on function public.ledger_id_at(bigint) to pingvas_queue;
grant execute on function public.ledger_id() to pingvas_queue;
