-- An item may get a new variant (another price object at the provider) while older subscriptions keep the old one: both are that item, and the one that was
-- synced last is sold.
alter table public.payment_variant drop constraint payment_variant_one_per_item;
alter table public.payment_variant add column synced_at timestamptz not null default now();
