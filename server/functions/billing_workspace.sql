-- Whose an object of a provider is: of what we know already (its subscription or payment), else what the checkout sent along, if there is such a workspace.
-- What we know wins: nobody moves a subscription to another workspace by an event. Null: nobody's.
create or replace function public.billing_workspace(
  p_provider text, p_subscription text, p_kind text, p_payment text, p_claimed uuid
) returns uuid
language sql stable security definer
set search_path = ''
as $$
  select coalesce(
    (select s.workspace_id from public.billing_subscription s where s.provider = p_provider and s.subscription_id = p_subscription),
    (select b.workspace_id from public.billing_payment b where b.provider = p_provider and b.kind = p_kind and b.payment_id = p_payment),
    (select w.workspace_id from public.workspace w where w.workspace_id = p_claimed))
$$;
alter function public.billing_workspace(text, text, text, text, uuid) owner to pingvas_queue;
revoke all on function public.billing_workspace(text, text, text, text, uuid) from public;
grant execute on function public.billing_workspace(text, text, text, text, uuid) to pingvas_app;
