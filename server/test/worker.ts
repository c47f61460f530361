import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { aFakeModel, createFakeEngine, type FakeEngine, type FakeEngineOptions } from '#adapters/engine/fake.ts';
import { createPictures } from '#adapters/pictures/sharp.ts';
import { createFileStorage } from '#adapters/storage/file.ts';
import type { Storage } from '#adapters/storage/index.ts';
import { startWorker, type WorkerDeps } from '#features/generations/start-worker.ts';
import { createPostgresHints } from '#platform/hints/postgres.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/telemetry.ts';
import { aGeneration, type TestWorkspace } from '#test/factories.ts';
import type { TestDatabase } from '#test/database.ts';

/** A real worker around a fake engine: its own model, its own folder of objects. */
export type TestWorker = {
  modelId: string;
  engine: FakeEngine;
  storage: Storage;
  workerId: string;
  /** Stops it; a job that would not be done in ten seconds is handed back. */
  stop: () => Promise<void>;
  /** The same with another time. */
  leave: (leaveMs: number) => Promise<void>;
};

export type TestWorkerOptions = FakeEngineOptions &
  Partial<Pick<WorkerDeps, 'timing' | 'breaker'>> & { storage?: Storage; modelId?: string };

/** Starts a worker. Call `stop` when done. */
export async function aRunningWorker(
  db: TestDatabase,
  {
    timing,
    // Tests of single faults do not wait for an engine to recover.
    breaker = { failuresMax: 3, restMs: 0 },
    storage,
    modelId = `model-${randomUUID()}`,
    ...fake
  }: TestWorkerOptions = {},
): Promise<TestWorker> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pingvas-worker-'));
  const objects = storage ?? createFileStorage({ root: folder });
  const log = createLog({ level: 'silent', process: 'test' });
  const engine = createFakeEngine({ models: [aFakeModel({ id: modelId })], ...fake });
  const worker = await startWorker({
    name: 'test worker',
    db: db.worker,
    bus: createPostgresHints({ db: db.worker, connectionString: db.url('pingvas_worker'), log }),
    engine,
    storage: objects,
    pictures: createPictures(),
    modelsAuto: true,
    metrics: createMetrics('test'),
    log,
    breaker,
    ...(timing && { timing }),
  });
  const leave = async (leaveMs: number): Promise<void> => {
    await worker.stop(leaveMs);
    rmSync(folder, { recursive: true, force: true });
  };
  return { modelId, engine, storage: objects, workerId: worker.workerId, stop: () => leave(10_000), leave };
}

/** The fields of a request that a worker reads. */
export const aRequest = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  prompt: '웃는 고양이',
  negative_prompt: '',
  style: null,
  width: 64,
  height: 64,
  steps: 2,
  guidance: 4,
  scheduler: 'euler',
  seed: '7',
  count: 1,
  strength: 0.6,
  ...changes,
});

/** Submits a job with a real request; returns its id. */
export const aRealGeneration = (
  db: TestDatabase,
  workspace: TestWorkspace,
  modelId: string,
  changes: Parameters<typeof aGeneration>[3] & { request?: Record<string, unknown> } = {},
): Promise<string> =>
  aGeneration(db, workspace, modelId, { ...changes, request: aRequest({ model: modelId, ...changes.request }) });

export type Ended = {
  status: string;
  charged: number | null;
  error_code: string | null;
  attempt: number;
  attempts: { outcome: string; billed: number }[];
  images: { storage_key: string; sha256: string; size_bytes: number }[];
};

/** Waits until a job reaches one of the states (default: any in which it has ended), looking at the database. */
export async function untilStatus(
  db: TestDatabase,
  generationId: string,
  statuses = ['succeeded', 'failed', 'cancelled', 'expired'],
): Promise<Ended> {
  for (;;) {
    const { rows } = await db.owner.pool.query<Ended>(
      `select g.status, g.charged, g.error_code, g.attempt,
         (select coalesce(jsonb_agg(jsonb_build_object('outcome', a.outcome, 'billed', a.billed) order by a.number), '[]') from public.generation_attempt a where a.generation_id = g.generation_id) as attempts,
         (select coalesce(jsonb_agg(jsonb_build_object('storage_key', i.storage_key, 'sha256', i.sha256, 'size_bytes', i.size_bytes) order by i.position), '[]') from public.image i where i.generation_id = g.generation_id) as images
       from public.generation g where g.generation_id = $1`,
      [generationId],
    );
    const [job] = rows;
    if (job && statuses.includes(job.status)) return job;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
