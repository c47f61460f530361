-- GPU time of late: halves every ten minutes. Beyond ten hours it is nothing (and 0.5 ^ x would underflow).
create or replace function public.recent_gpu(p_ms bigint, p_at timestamptz, p_now timestamptz) returns bigint
language sql immutable parallel safe
return (p_ms * power(0.5::double precision, least(36000, greatest(0, extract(epoch from p_now - p_at)::double precision)) / 600))::bigint;
alter function public.recent_gpu(bigint, timestamptz, timestamptz) owner to pingvas_queue;
revoke all on function public.recent_gpu(bigint, timestamptz, timestamptz) from public;
-- The app explains to a customer why a job waits.
grant execute on function public.recent_gpu(bigint, timestamptz, timestamptz) to pingvas_app;
