-- Ends attempts: a list of settlements, answered in its order. What most are (a success, paid from grants that live) is written for all of them at once;
-- everything else one by one, by `settle_generation`, which says what a settlement means. Both under the locks of the accounts, taken in the order of
-- their keys. Times and amounts as there.
create or replace function public.settle_generations(p jsonb) returns jsonb
language plpgsql security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
set jit = off
as $$
declare
  v_now constant timestamptz := now();
  -- The ids of a batch's entries follow one another, whatever the clock does meanwhile.
  v_us constant bigint := (extract(epoch from clock_timestamp()) * 1000000)::bigint;
  v_ids constant uuid[] := array(select (e->>'generation_id')::uuid from jsonb_array_elements(p) e);
  v_places uuid[];
  v_answers jsonb;
  v_spent jsonb;
  v_body jsonb;
  v_n bigint;
begin
  v_places := array(select distinct g.workspace_id from public.generation g where g.generation_id = any(v_ids));
  perform from public.credit_account a where a.workspace_id = any(v_places) order by a.workspace_id for update;

  with item as materialized (
    select e.n, e.body, x.*
    from jsonb_array_elements(p) with ordinality e(body, n)
    cross join lateral jsonb_to_record(e.body) x(generation_id uuid, attempt smallint, worker_id uuid, outcome text, billed bigint, why text,
      timings jsonb, images jsonb, recipe_sha256 text, reproduction jsonb)
  ), job as materialized (
    select i.n, i.generation_id, i.attempt, i.worker_id, i.billed, i.why, i.timings, coalesce(i.images, '[]') as images, i.recipe_sha256,
      nullif(i.reproduction, 'null') as reproduction,
      g.workspace_id, g.user_id, g.api_key_id, g.model_id, g.period_start, g.ceiling, g.surcharge, h.amount as held,
      greatest(i.billed + g.surcharge, 0) as actual, least(greatest(i.billed + g.surcharge, 0), h.amount) as captured,
      (coalesce((i.timings->>'encode_us')::bigint, 0) + coalesce((i.timings->>'denoise_us')::bigint, 0)
        + coalesce((i.timings->>'decode_us')::bigint, 0)) / 1000 as gpu_ms
    from item i
    join public.generation g on g.generation_id = i.generation_id and g.requeue_of is null
    join public.credit_account a on a.workspace_id = g.workspace_id and a.next_due_at > v_now
    join public.credit_hold h on h.hold_id = g.generation_id and h.state = 'open' and not h.unlimited and h.amount > 0
    where i.outcome = 'succeeded'
      -- A device that held it may take lessons back.
      and not (i.body->>'memory_fitted' is not null and exists (select from public.memory_lesson l where l.model_id = g.model_id))
      -- The same job twice in one batch: the second finds nothing to settle.
      and not exists (select from item o where o.generation_id = i.generation_id and o.n < i.n)
      -- What a capture gives back to a grant that has ended must end too.
      and not exists (
        select from public.credit_hold_slice s join public.credit_grant c on c.grant_id = s.grant_id
        where s.hold_id = i.generation_id and c.expires_at <= v_now)
  ), held as materialized (
    delete from public.running r using job j
      where r.generation_id = j.generation_id and r.attempt = j.attempt and r.worker_id = j.worker_id
      returning r.generation_id
  ), done as materialized (
    select j.*, a.balance, a.period_start as account_period,
      row_number() over (order by j.n) as nth,
      sum(j.captured) over (partition by j.workspace_id order by j.n) as captured_so_far,
      public.ledger_id_at(v_us + 4 * row_number() over (order by j.n)) as transaction_id,
      public.ledger_id_at(v_us + 4 * row_number() over (order by j.n) + 1) as entry_id
    from job j
    join held r on r.generation_id = j.generation_id
    join public.credit_account a on a.workspace_id = j.workspace_id
  ), paying as materialized (
    select * from done d where d.actual > 0
  ), attempt as (
    update public.generation_attempt t
      set outcome = 'succeeded', ended_at = v_now, why = coalesce(d.why, ''),
          load_us = coalesce((d.timings->>'load_us')::bigint, 0), encode_us = coalesce((d.timings->>'encode_us')::bigint, 0),
          denoise_us = coalesce((d.timings->>'denoise_us')::bigint, 0), decode_us = coalesce((d.timings->>'decode_us')::bigint, 0),
          upload_us = coalesce((d.timings->>'upload_us')::bigint, 0), billed = d.billed
      from done d where t.generation_id = d.generation_id and t.number = d.attempt
  ), picture as (
    insert into public.image (
      image_id, workspace_id, generation_id, kind, position, width, height, seed, size_bytes, sha256, storage_key, engine_info, recipe, created_at
    )
      select coalesce(i.image_id, public.new_id()), d.workspace_id, d.generation_id, 'result', i.position, i.width, i.height, i.seed, i.size_bytes,
        i.sha256, i.storage_key, coalesce(i.engine_info, '{}'), i.recipe, v_now
      from done d
      cross join lateral jsonb_to_recordset(d.images) i(
        image_id uuid, position smallint, width integer, height integer, seed bigint, size_bytes bigint, sha256 text, storage_key text,
        engine_info jsonb, recipe jsonb)
  ), hold as (
    update public.credit_hold h set state = 'captured', ended_at = v_now from done d where h.hold_id = d.generation_id
  ), posted as (
    insert into public.ledger_transaction (transaction_id, workspace_id, kind, reference, generation_id, hold_id, created_at)
      select d.transaction_id, d.workspace_id, 'capture', 'capture:' || d.generation_id, d.generation_id, d.generation_id, v_now from paying d
  ), words as (
    -- A fact in no language: the model and how many pictures.
    insert into public.ledger_text (workspace_id, transaction_id, text)
      select d.workspace_id, d.transaction_id,
        coalesce((select m.name from public.model m where m.model_id = d.model_id), d.model_id) || ' × ' || jsonb_array_length(d.images)
      from paying d
  ), unsealed as (
    insert into public.ledger_unsealed (workspace_id, entry_id)
      select d.workspace_id, d.entry_id from paying d where d.captured > 0 order by d.n
  ), entries as (
    insert into public.ledger_entry (entry_id, transaction_id, workspace_id, account, amount, balance_after, created_at)
      select side.entry_id, d.transaction_id, d.workspace_id, side.account, side.amount, side.balance_after, v_now
      from paying d
      cross join lateral (values
        (d.entry_id, 'workspace', -d.captured, d.balance - d.captured_so_far),
        (public.ledger_id_at(v_us + 4 * d.nth + 2), 'revenue', d.actual, null),
        (public.ledger_id_at(v_us + 4 * d.nth + 3), 'adjustment', d.captured - d.actual, null)) side(entry_id, account, amount, balance_after)
      where side.amount <> 0
  ), slice as materialized (
    select d.entry_id, d.workspace_id, s.grant_id, s.amount,
      least(s.amount, greatest(0, d.captured - (sum(s.amount) over (partition by s.hold_id order by s.position) - s.amount))) as paid
    from done d join public.credit_hold_slice s on s.hold_id = d.generation_id
  ), consumption as (
    insert into public.grant_consumption (entry_id, grant_id, workspace_id, amount)
      select s.entry_id, s.grant_id, s.workspace_id, s.paid from slice s where s.paid > 0
  ), given_back as (
    update public.credit_grant g set remaining = g.remaining - s.paid, reserved = g.reserved - s.amount
      from (select grant_id, sum(paid) as paid, sum(amount) as amount from slice group by grant_id) s where g.grant_id = s.grant_id
  ), account as (
    update public.credit_account a
      set balance = a.balance - s.captured, held = a.held - s.held,
          used_in_period = a.used_in_period + s.used,
          active_jobs = a.active_jobs - s.jobs, storage_bytes = a.storage_bytes + s.bytes,
          recent_gpu_ms = public.recent_gpu(a.recent_gpu_ms, a.recent_gpu_at, v_now) + s.gpu_ms, recent_gpu_at = v_now
      from (
        select d.workspace_id, sum(d.captured) as captured, sum(d.held) as held, count(*) as jobs, sum(d.gpu_ms) as gpu_ms,
          coalesce(sum(d.captured) filter (where d.account_period = d.period_start), 0) as used,
          coalesce(sum((select sum((i->>'size_bytes')::bigint) from jsonb_array_elements(d.images) i)), 0) as bytes
        from done d group by d.workspace_id) s
      where a.workspace_id = s.workspace_id
  ), result as (
    update public.generation g
      set status = 'succeeded', version = g.version + 1, held = 0, charged = d.captured, recipe_sha256 = d.recipe_sha256,
          reproduction_verdict = d.reproduction, attempts_counted = g.attempts_counted + 1, finished_at = v_now, updated_at = v_now
      from done d where g.generation_id = d.generation_id
  ), member as (
    update public.member_usage u set held = u.held - s.ceiling, spent = u.spent + s.captured
      from (select workspace_id, user_id, period_start, sum(ceiling) as ceiling, sum(captured) as captured from done group by 1, 2, 3) s
      where u.workspace_id = s.workspace_id and u.user_id = s.user_id and u.period_start = s.period_start
      returning u.workspace_id, u.user_id, u.period_start, u.spent
  ), key as (
    update public.api_key_usage u set held = u.held - s.ceiling, spent = u.spent + s.captured
      from (select api_key_id, period_start, sum(ceiling) as ceiling, sum(captured) as captured from done where api_key_id is not null group by 1, 2) s
      where u.key_id = s.api_key_id and u.period_start = s.period_start
      returning u.workspace_id, u.key_id, u.period_start, u.spent
  )
  select
    (select jsonb_object_agg(d.n::text, jsonb_build_object('outcome', 'settled', 'status', 'succeeded', 'charged', d.captured)) from done d),
    (select jsonb_agg(b) from (
      select u.workspace_id, 'member' as kind, u.user_id as subject, u.period_start, u.spent, m.monthly_credit_budget as budget
        from member u join public.workspace_member m
          on m.workspace_id = u.workspace_id and m.user_id = u.user_id and m.monthly_credit_budget is not null
      union all
      select u.workspace_id, 'key', u.key_id::text, u.period_start, u.spent, k.monthly_credit_budget
        from key u join public.api_key k on k.key_id = u.key_id and k.monthly_credit_budget is not null) b)
    into v_answers, v_spent;

  perform public.alert_budget(b.workspace_id, b.kind, b.subject, b.period_start, b.spent, b.budget, false)
    from jsonb_to_recordset(v_spent) b(workspace_id uuid, kind text, subject text, period_start timestamptz, spent bigint, budget bigint);
  perform public.promote_backlogs(v_places, v_now);
  v_answers := coalesce(v_answers, '{}');
  for v_body, v_n in
    select e.body, e.n from jsonb_array_elements(p) with ordinality e(body, n) where not v_answers ? e.n::text order by e.n
  loop
    v_answers := v_answers || jsonb_build_object(v_n::text, public.settle_generation(v_body));
  end loop;
  return (select jsonb_agg(v_answers->n::text order by n) from generate_series(1, jsonb_array_length(p)) n);
end $$;
alter function public.settle_generations(jsonb) owner to pingvas_queue;
revoke all on function public.settle_generations(jsonb) from public;
grant execute on function public.settle_generations(jsonb) to pingvas_worker;
