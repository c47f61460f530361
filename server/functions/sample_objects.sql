-- Pictures at random, at most p_most, with what their objects should be. For the check that every row still has its object: small installations are
-- looked through whole, large ones by samples. What is about to leave the trash is not asked for: its objects go before its row.
create or replace function public.sample_objects(p_most int) returns table (storage_key text, size_bytes bigint)
language sql security definer volatile
set search_path = ''
as $$
  select i.storage_key, i.size_bytes from public.image i
  where i.deleted_at is null or i.deleted_at > now() - interval '29 days'
  order by random() limit p_most
$$;
alter function public.sample_objects(int) owner to pingvas_queue;
revoke all on function public.sample_objects(int) from public;
grant execute on function public.sample_objects(int) to pingvas_app;
