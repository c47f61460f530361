-- Who a session cookie (p_session_token) or an access token's family (p_family) belongs to, and all workspaces of that person, in one look-up before any
-- workspace is known. Null when the session has ended or the person is disabled.
create or replace function public.find_caller(p_session_token text, p_family uuid) returns jsonb
language sql stable
security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'session_id', s.id, 'user_id', u.id, 'email', u.email, 'name', u.name, 'locale', u.locale, 'email_verified', u.email_verified, 'epoch', u.epoch,
    'workspaces', coalesce((
      select jsonb_agg(jsonb_build_object(
        'workspace_id', w.workspace_id, 'name', w.name, 'kind', w.kind, 'role', m.role, 'plan', w.plan, 'suspended', w.suspended_at is not null
      ) order by w.kind = 'personal' and w.owner_user_id = u.id desc, w.workspace_id)
      from public.workspace_member m join public.workspace w on w.workspace_id = m.workspace_id
      where m.user_id = u.id), '[]'::jsonb))
  from (
    select e.id, e.user_id from auth.session e where e.token = p_session_token and e.expires_at > now()
    union all
    select f.family_id::text, f.user_id from auth.refresh_family f where f.family_id = p_family and f.ended_at is null and f.expires_at > now()
  ) s
  join auth."user" u on u.id = s.user_id and u.disabled_at is null
  limit 1
$$;
alter function public.find_caller(text, uuid) owner to pingvas_queue;
revoke all on function public.find_caller(text, uuid) from public;
grant execute on function public.find_caller(text, uuid) to pingvas_app;
