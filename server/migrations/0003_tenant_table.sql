-- The wall every table with a workspace column stands behind, written once: forced row-level security, one policy for the app (its own
-- workspace), one for the operator (every use is audited) and one for the queue's functions. Rights are granted by each table's own migration.
create function meta.protect_tenant_table(p_table regclass) returns void
language plpgsql
set search_path = ''
as $$
begin
  execute format('alter table %s enable row level security', p_table);
  execute format('alter table %s force row level security', p_table);
  execute format(
    'create policy app_inside on %s to pingvas_app
       using (workspace_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))
       with check (workspace_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', p_table);
  execute format('create policy admin_all on %s to pingvas_admin using (true) with check (true)', p_table);
  execute format('create policy queue_all on %s to pingvas_queue using (true) with check (true)', p_table);
end $$;
