import os from 'node:os';
import { createAwsNotices } from '#adapters/interruption/aws.ts';
import { noInterruptions } from '#adapters/interruption/port.ts';
import { createPictures } from '#adapters/pictures/sharp.ts';
import { startWorker, watchInterruption } from '#features/generations/index.ts';
import { serveAsChild } from '#platform/child.ts';
import { systemClock } from '#platform/clock.ts';
import { loadEnvironment, readConfig } from '#platform/config.ts';
import { createDatabase } from '#platform/db/database.ts';
import { openPool } from '#platform/db/pool.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/telemetry.ts';
import { buildHints } from './build-hints.ts';
import { buildEngine } from './build-engine.ts';
import { buildStorage } from './build-storage.ts';

// One engine, one job at a time. Its name is its first argument, else the machine's; the second is the real time of a step of the engine `fake`, in
// milliseconds (tests that stop a worker in the middle of a job).

const config = readConfig(loadEnvironment());
const name = process.argv[2] ?? os.hostname();
const log = createLog({ level: config.logLevel, process: name });
const metrics = createMetrics(name);
if (config.database?.worker == null)
  throw new Error('DATABASE_WORKER_URL is not set: the worker has a login of its own.');
const connectionString = config.database.worker;
const pool = openPool({ connectionString, max: 3, name, log });
metrics.watchPool('worker', pool);

const db = createDatabase(pool);
const bus = buildHints(config, { db, connectionString, log });

const { graceMs, idleMs, notices, metadataUrl } = config.worker;
const worker = await startWorker({
  name,
  db,
  bus,
  engine: buildEngine(config.engines[0] ?? 'mini', log, {
    fakeStepMs: Number(process.argv[3] ?? 0),
    invokeAiUrl: config.invokeai.url,
  }),
  storage: buildStorage(config.storage),
  pictures: createPictures(),
  modelsAuto: config.modelsAuto,
  metrics,
  log,
  idle: idleMs === null ? null : { afterMs: idleMs, call: endIdle },
});
const interruption = watchInterruption(
  {
    notices: notices === 'aws' ? createAwsNotices({ endpoint: metadataUrl, ...systemClock }) : noInterruptions,
    log,
    ...systemClock,
  },
  // The process stays, without work: started again it would take jobs on a machine that is about to end.
  (leftMs) => void worker.stop(leftMs),
);
serveAsChild({
  registry: metrics.registry,
  stop: async () => {
    await interruption.stop();
    await worker.stop(graceMs);
    await bus.close();
    await pool.end();
  },
});

/** Leaves as if told to from outside. */
function endIdle(): void {
  log.info({ idleMs }, 'no job came for so long; the worker ends itself');
  process.kill(process.pid, 'SIGTERM');
}
