import type { TestDatabase } from '../../server/test/database.ts';
import { aModel } from '../../server/test/factories.ts';

export type Filling = {
  /** Jobs in the queue, and jobs that ended long ago with a picture each. */
  ready: number;
  ended: number;
  /** They are spread over so many workspaces and models. */
  workspaces: number;
  models: number;
};

/** Fills tables directly with what years of use would leave there. Returns the models; the queue's jobs have the levels of the five plans. */
export async function fillQueue(
  db: TestDatabase,
  { ready, ended, workspaces, models: modelCount }: Filling,
): Promise<string[]> {
  const models: string[] = [];
  for (let n = 0; n < modelCount; n++) models.push(await aModel(db));
  const client = await db.owner.pool.connect();
  // Minutes, where the pool allows seconds.
  const run = (text: string, values: unknown[] = []): Promise<unknown> =>
    client.query({ text, values, query_timeout: 1_800_000 } as { text: string; values: unknown[] });
  try {
    await run('begin');
    // Triggers of foreign keys and of new workspaces would take minutes and find nothing.
    await run('set local session_replication_role = replica');
    await run('set local statement_timeout = 0');
    await run(
      `insert into public.workspace (workspace_id, kind, name, owner_user_id, plan)
         select md5('workspace ' || n)::uuid, 'personal', 'bench', 'user ' || n, 'studio' from generate_series(1, $1::integer) n`,
      [workspaces],
    );
    await run(
      `insert into public.credit_account (workspace_id, period_anchor, period_start, period_end, next_due_at, active_jobs, running_max)
         select md5('workspace ' || n)::uuid, now(), now(), now() + interval '1 month', now() + interval '1 month',
           (select count(*) from generate_series(n, $2::integer, $1::integer)), greatest(1, $2::integer / $1::integer + 1)
         from generate_series(1, $1::integer) n`,
      [workspaces, ready],
    );
    await run(
      `insert into public.generation (generation_id, workspace_id, user_id, status, model_id, mode, level, request, expected, ceiling, timeout_ms,
           start_by, queued_at, period_start, created_at, updated_at, finished_at, charged)
         select public.new_id(), md5('workspace ' || (n % $2 + 1))::uuid, 'user ' || (n % $2 + 1), case when n <= $3 then 'succeeded' else 'queued' end,
           ($4::text[])[n % $5 + 1], 'txt2img', (array[2, 4, 6, 8, 10])[n % 5 + 1],
           '{"prompt": "고양이", "width": 1024, "height": 1024, "count": 1, "seed": "1"}', 2000, 5000, 60000, now() + interval '1 day', now(),
           now(), now() - ($1 - n) * interval '1 millisecond', now() - ($1 - n) * interval '1 millisecond',
           case when n <= $3 then now() end, case when n <= $3 then 1234 end
         from generate_series(1, $1::integer) n`,
      [ready + ended, workspaces, ended, models, modelCount],
    );
    await run(
      `insert into public.ready (generation_id, workspace_id, level, model_id, enqueued_at, work_ms)
         select generation_id, workspace_id, level, model_id, created_at, 2000 from public.generation where status = 'queued'`,
    );
    await run(
      `insert into public.image (image_id, workspace_id, generation_id, kind, width, height, seed, size_bytes, sha256, storage_key, created_at)
         select public.new_id(), workspace_id, generation_id, 'result', 1024, 1024, 1, 1000, md5(generation_id::text) || md5(generation_id::text),
           'ws/' || workspace_id || '/' || generation_id || '/1/0.png', created_at
         from public.generation where status = 'succeeded'`,
    );
    await run('commit');
  } finally {
    client.release();
  }
  return models;
}

/** What autovacuum would have done by then. */
export async function analyze(db: TestDatabase): Promise<void> {
  await db.owner.pool.query({ text: 'vacuum analyze', query_timeout: 1_800_000 } as { text: string });
}
