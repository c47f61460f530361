import { setTimeout as delay } from 'node:timers/promises';
import { readTenant } from '#platform/db/tenant.ts';
import type { EventStream } from '#platform/http/streams.ts';
import type { GenerationsDeps } from './generations.deps.ts';
import { jobEvents, type Told } from './job-events.ts';
import { type JobRow, selectJob } from './jobs.queries.ts';
import { createWakeups } from './wakeups.ts';

export type StreamDeps = Pick<GenerationsDeps, 'db' | 'publicUrl' | 'queueOrder' | 'watch' | 'streamCheckMs'>;

/** A stream looks at most this often, however fast hints come. */
export const streamRestMs = 100;

/**
 * Tells a job's present state and every change until it has ended. `mayGoOn` is asked whenever the stream says that it is alive; when it answers false
 * the stream ends.
 */
export async function streamJob(
  deps: StreamDeps,
  job: JobRow,
  stream: EventStream,
  mayGoOn: () => Promise<boolean>,
): Promise<void> {
  const wakeups = createWakeups<true>();
  const stop = deps.watch.job(job.generation_id, () => wakeups.add(true));
  const check = keepChecking(deps, stream, mayGoOn);
  void stream.closed.then(wakeups.end);
  try {
    let row: JobRow | undefined = job;
    let told: Told | undefined;
    while (row && stream.isOpen()) {
      const step = await jobEvents(deps, row, told, String(row.version));
      step.events.forEach(stream.send);
      told = step.told;
      if (step.ended) break;
      await wakeups.next();
      await delay(streamRestMs);
      if (!stream.isOpen()) break;
      [row] = await readTenant(deps.db, job.workspace_id, (query) =>
        selectJob(query, job.workspace_id, job.generation_id),
      );
    }
  } finally {
    stop();
    clearInterval(check);
    stream.end();
  }
}

/** Comments keep proxies from closing a quiet stream; each time the caller's rights are looked at again. */
export function keepChecking(
  deps: Pick<GenerationsDeps, 'streamCheckMs'>,
  stream: EventStream,
  mayGoOn: () => Promise<boolean>,
): NodeJS.Timeout {
  return setInterval(() => {
    void mayGoOn().then((may) => {
      if (may) stream.comment('alive');
      else stream.end();
    });
  }, deps.streamCheckMs);
}
