import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { aFakeModel, createFakeEngine } from '#adapters/engine/fake.ts';
import type { Engine } from '#adapters/engine/port.ts';
import { createPictures } from '#adapters/pictures/sharp.ts';
import { createFileStorage } from '#adapters/storage/file.ts';
import { parseAttemptKey, type Storage } from '#adapters/storage/index.ts';
import { createPostgresHints } from '#platform/hints/postgres.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/telemetry.ts';
import { test, type TestDatabase } from '#test/database.ts';
import { aWorkspace } from '#test/factories.ts';
import { brokenQueueRules } from '#test/queue-invariants.ts';
import { aRealGeneration, untilStatus, type Ended } from '#test/worker.ts';
import { startWorker } from './start-worker.ts';

type Parts = { engine: Engine; storage: Storage };

/** One job in the hands of a worker whose engine or storage is not as it should be. Returns the job when it has ended. */
async function runOneJob(
  db: TestDatabase,
  faulty: (parts: Parts) => Partial<Parts>,
  { stepMs = 0, leaseMs = 15_000 } = {},
): Promise<Ended> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pingvas-faults-'));
  const log = createLog({ level: 'silent', process: 'test' });
  const modelId = `model-${randomUUID()}`;
  const parts = {
    engine: createFakeEngine({ models: [aFakeModel({ id: modelId })], stepMs }),
    storage: createFileStorage({ root: folder }),
  };
  const worker = await startWorker({
    name: 'faulty',
    db: db.worker,
    bus: createPostgresHints({ db: db.worker, connectionString: db.url('pingvas_worker'), log }),
    ...parts,
    ...faulty(parts),
    pictures: createPictures(),
    modelsAuto: true,
    metrics: createMetrics('test'),
    log,
    timing: { leaseMs, beatMs: 50, progressMs: 10 },
  });
  const workspace = await aWorkspace(db);
  const job = await untilStatus(db, await aRealGeneration(db, workspace, modelId, { request: { steps: 30 } }));
  await worker.stop(10_000);
  expect(await brokenQueueRules(db, [workspace.workspaceId])).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
  return job;
}

test('a storage that never answers for a preview does not cost the lease', async ({ db }) => {
  const hangsForPreviews = ({ storage }: Parts): Partial<Parts> => ({
    storage: {
      ...storage,
      put: (key, ...rest) =>
        parseAttemptKey(key)?.index === null ? new Promise(() => undefined) : storage.put(key, ...rest),
    },
  });
  // The job takes longer than its lease, so it lives by its heartbeats.
  const job = await runOneJob(db, hangsForPreviews, { stepMs: 50, leaseMs: 1_000 });
  expect(job).toMatchObject({ status: 'succeeded', attempts: [{ outcome: 'succeeded' }] });
});

test('a result that the database refuses to record is a failed attempt, not a job that never ends', async ({ db }) => {
  let results = 0;
  const sendsNulOnce = ({ engine }: Parts): Partial<Parts> => ({
    engine: {
      ...engine,
      generate: async (...args) => {
        const result = await engine.generate(...args);
        results += 1;
        return results > 1
          ? result
          : { ...result, images: result.images.map((image) => ({ ...image, info: { style: 'a\0b' } })) };
      },
    },
  });
  const job = await runOneJob(db, sendsNulOnce);
  expect(job.status).toBe('succeeded');
  expect(job.attempts).toMatchObject([{ outcome: 'failed', billed: 0 }, { outcome: 'succeeded' }]);
});
