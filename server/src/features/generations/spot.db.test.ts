import { expect } from 'vitest';
import type { Notice } from '#adapters/interruption/port.ts';
import { createLog } from '#platform/log.ts';
import { test, type TestDatabase } from '#test/database.ts';
import { aWorkspace, type TestWorkspace } from '#test/factories.ts';
import { brokenQueueRules } from '#test/queue-invariants.ts';
import { aRealGeneration, aRunningWorker, type TestWorker, untilStatus } from '#test/worker.ts';
import { watchInterruption } from './watch-interruption.ts';

/** A spot machine is stopped this long after its notice. */
const noticeMs = 120_000;

const aJobOf = (db: TestDatabase, workspace: TestWorkspace, { modelId }: TestWorker, seconds: number) =>
  aRealGeneration(db, workspace, modelId, { expected: seconds * 1_000, ceiling: seconds * 2_000 });

/** A worker that holds its first job in the middle, and a second job that waits behind it. */
async function aBusyWorker(db: TestDatabase, seconds: number) {
  const workspace = await aWorkspace(db, { plan: 'studio' });
  const worker = await aRunningWorker(db);
  worker.engine.hold();
  const running = await aJobOf(db, workspace, worker, seconds);
  await worker.engine.untilCalled(1);
  const waiting = await aJobOf(db, workspace, worker, 1);
  return { workspace, worker, running, waiting };
}

for (const seconds of [5, 90]) {
  test(`a job of ${seconds} s is finished within the two minutes of a notice, and nothing new is begun`, async ({
    db,
  }) => {
    const { worker, running, waiting } = await aBusyWorker(db, seconds);
    const left = worker.leave(noticeMs);
    worker.engine.release();
    await left;
    expect(await untilStatus(db, running)).toMatchObject({ status: 'succeeded', attempts: [{ outcome: 'succeeded' }] });
    expect((await untilStatus(db, waiting, ['queued'])).attempts).toEqual([]);
    expect(worker.engine.calls.length).toBe(1);
  });
}

test('a job of 300 s is handed back at once: to the front of its class, uncharged and uncounted', async ({ db }) => {
  const { workspace, worker, running, waiting } = await aBusyWorker(db, 300);
  // The engine is still held: only a hand-back lets the worker leave.
  await worker.leave(noticeMs);
  expect(await untilStatus(db, running, ['queued'])).toMatchObject({
    charged: null,
    attempts: [{ outcome: 'drained', billed: 0 }],
  });
  const heir = await aRunningWorker(db, { modelId: worker.modelId });
  await Promise.all([untilStatus(db, running), untilStatus(db, waiting)]);
  await heir.stop();
  const { rows } = await db.owner.pool.query(
    `select g.generation_id as id, g.attempts_counted as counted from public.generation g
     where g.generation_id = any($1) order by g.started_at`,
    [[running, waiting]],
  );
  expect(rows).toEqual([
    { id: running, counted: 1 },
    { id: waiting, counted: 1 },
  ]);
  expect(await brokenQueueRules(db, [workspace.workspaceId])).toEqual([]);
});

test('a second, shorter notice hands back what the first one left time for', async ({ db }) => {
  const { worker, running } = await aBusyWorker(db, 90);
  const left = worker.leave(noticeMs);
  await worker.leave(30_000);
  await left;
  expect((await untilStatus(db, running, ['queued'])).attempts).toEqual([{ outcome: 'drained', billed: 0 }]);
});

test('an engine that does not react to the hand-back does not keep the job from its place', async ({ db }) => {
  const worker = await aRunningWorker(db, { faults: ['deaf'] });
  const running = await aJobOf(db, await aWorkspace(db), worker, 300);
  await worker.engine.untilCalled(1);
  await worker.leave(noticeMs);
  expect((await untilStatus(db, running, ['queued'])).attempts).toEqual([{ outcome: 'drained', billed: 0 }]);
});

test('a notice is told once, with the time that is left, and a cloud that cannot be asked is asked again', async () => {
  const answers: (Notice | Error | undefined)[] = [new Error('no route'), undefined, { endsAtMs: 130_000 }];
  const told: number[] = [];
  const heard = Promise.withResolvers<void>();
  const loop = watchInterruption(
    {
      notices: {
        current: async () => {
          const answer = answers.length > 1 ? answers.shift() : answers[0];
          if (answer instanceof Error) throw answer;
          return answer;
        },
      },
      log: createLog({ level: 'silent', process: 'test' }),
      nowMs: () => 10_000,
      lookEveryMs: 1,
    },
    (leftMs) => {
      told.push(leftMs);
      heard.resolve();
    },
  );
  await heard.promise;
  await loop.stop();
  expect(told).toEqual([120_000]);
});
