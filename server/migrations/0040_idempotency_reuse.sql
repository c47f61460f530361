-- A key may be used again after 24 hours, also when the old row has not been cleaned away yet.
grant update (fingerprint, status_code, response, created_at) on public.idempotency to pingvas_app;
