import { expect, onTestFinished, test } from 'vitest';
import { runChores } from '#platform/jobs/chores.ts';
import { drainBatch } from '#platform/jobs/outbox.ts';
import { createLog } from '#platform/log.ts';
import { cloneDatabase } from '#test/database.ts';

const log = createLog({ level: 'silent', process: 'test' });

test('every outbox row becomes exactly one chore, also with four drainers at once', async () => {
  // A database of its own: drainers take every row, also those that other tests caused.
  const db = await cloneDatabase();
  onTestFinished(db.close);
  await db.owner.pool.query(
    "insert into public.outbox (task, payload) select 'count', jsonb_build_object('n', i) from generate_series(1, 250) i",
  );
  const drainers = Array.from({ length: 4 }, async () => {
    let moved = 0;
    for (let batch = await drainBatch(db.app); batch > 0; batch = await drainBatch(db.app)) moved += batch;
    return moved;
  });
  const moved = await Promise.all(drainers);
  expect(moved.reduce((a, b) => a + b, 0)).toBe(250);

  const seen = new Set<number>();
  let runs = 0;
  const all = Promise.withResolvers<void>();
  const chores = {
    count: async (payload: unknown) => {
      runs += 1;
      seen.add((payload as { n: number }).n);
      if (seen.size === 250) all.resolve();
    },
  };
  const runner = await runChores({
    pool: db.app.pool,
    chores,
    schedule: [{ task: 'count', when: '0 4 1 1 *' }],
    log,
    concurrency: 4,
  });
  await all.promise;
  await runner.stop();
  expect(runs).toBe(250);
});
