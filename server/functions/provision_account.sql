-- Whatever makes a person (sign-up, a social provider, the operator) makes the personal workspace in the same transaction, and leaves the chores that follow:
-- the verification mail for a new address, the Free grant for a verified one. A crash leaves all of it or nothing.
-- `app.plan_follows` is set by who makes the person and is about to set a paid plan: the chore would race that plan and add Free credits to it.
create or replace function public.provision_account() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    perform public.create_workspace(public.new_id(), 'personal', new.name, new.id, now());
    if not new.email_verified then
      insert into public.outbox (task, payload)
        values ('send_verification_mail', jsonb_build_object('user_id', new.id, 'mail_id', public.new_id()));
    end if;
  end if;
  if new.email_verified and coalesce(current_setting('app.plan_follows', true), '') <> 'true' then
    insert into public.outbox (task, payload) values ('grant_free', jsonb_build_object('user_id', new.id));
  end if;
  return null;
end $$;
alter function public.provision_account() owner to pingvas_queue;
revoke all on function public.provision_account() from public;

create or replace trigger user_created after insert on auth."user"
  for each row execute function public.provision_account();
create or replace trigger user_verified after update of email_verified on auth."user"
  for each row when (new.email_verified and not old.email_verified) execute function public.provision_account();
