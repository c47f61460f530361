-- Makes the person of this transaction a member by an invitation's token (its SHA-256), found before the workspace is known. `p_seats`: members a plan
-- allows, by plan; null = no limit. Done again by the same person it answers the same. Refusals are values.
create or replace function public.accept_invitation(p_token_hash bytea, p_user text, p_seats jsonb) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  v_now constant timestamptz := now();
  v_invitation public.workspace_invitation;
  v_plan text;
  v_email text;
  v_verified boolean;
  v_role text;
begin
  if p_user is distinct from nullif(current_setting('app.user_id', true), '') then
    return jsonb_build_object('outcome', 'not_found');
  end if;
  -- Members and invitations of a workspace change under the lock of its row, one after the other.
  select w.plan into v_plan from public.workspace_invitation i join public.workspace w on w.workspace_id = i.workspace_id
    where i.token_hash = p_token_hash for no key update of w;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  select * into v_invitation from public.workspace_invitation i where i.token_hash = p_token_hash;
  select u.email, u.email_verified into v_email, v_verified from auth."user" u where u.id = p_user and u.disabled_at is null;
  select m.role into v_role from public.workspace_member m where m.workspace_id = v_invitation.workspace_id and m.user_id = p_user;

  if v_invitation.accepted_by = p_user and v_role is not null then
    return jsonb_build_object('outcome', 'accepted', 'workspace_id', v_invitation.workspace_id, 'role', v_role);
  end if;
  if v_invitation.accepted_at is not null or v_invitation.revoked_at is not null or v_invitation.expires_at <= v_now then
    return jsonb_build_object('outcome', 'not_found');
  end if;
  if v_email is distinct from v_invitation.email then return jsonb_build_object('outcome', 'invitation_not_yours'); end if;
  if not v_verified then return jsonb_build_object('outcome', 'email_not_verified'); end if;
  if v_role is null then
    -- The invitation kept a seat; a smaller plan may have taken it away since.
    if (select count(*) from public.workspace_member m where m.workspace_id = v_invitation.workspace_id) >= (p_seats->>v_plan)::integer then
      return jsonb_build_object('outcome', 'seats_exhausted', 'members_max', (p_seats->>v_plan)::integer);
    end if;
    v_role := v_invitation.role;
    insert into public.workspace_member (workspace_id, user_id, role, created_at) values (v_invitation.workspace_id, p_user, v_role, v_now);
    -- Their other workspaces are remembered without this one.
    perform pg_catalog.pg_notify('pingvas_access', '');
  end if;
  update public.workspace_invitation i set accepted_at = v_now, accepted_by = p_user where i.invitation_id = v_invitation.invitation_id;
  return jsonb_build_object('outcome', 'accepted', 'workspace_id', v_invitation.workspace_id, 'role', v_role);
end $$;
alter function public.accept_invitation(bytea, text, jsonb) owner to pingvas_queue;
revoke all on function public.accept_invitation(bytea, text, jsonb) from public;
grant execute on function public.accept_invitation(bytea, text, jsonb) to pingvas_app;
