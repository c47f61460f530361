import { setTimeout as delay } from 'node:timers/promises';
import { readTenant } from '#platform/db/tenant.ts';
import type { EventStream } from '#platform/http/streams.ts';
import { jobEvents, type Told } from './job-events.ts';
import { type JobRow, selectChangedJobs, selectJobsByIds } from './jobs.queries.ts';
import { keepChecking, type StreamDeps, streamRestMs } from './stream-job.ts';
import { createWakeups } from './wakeups.ts';

/** How far back a reconnect is told what changed. */
const replayUs = 3_600_000_000;
/**
 * A change carries the time its transaction began, and may become visible after a later one. Looking this much further back tells some states
 * twice, which changes nothing, and loses none.
 */
const overlapUs = 10_000_000;
const batchMax = 200;

/**
 * Tells all changes of a workspace's jobs until the caller leaves. The id of an event is the latest change told so far, in microseconds. With
 * `lastEventId` it first tells the present state of everything that changed since; older than an hour: `resync`, and the caller reads the lists again.
 */
export async function streamWorkspace(
  deps: StreamDeps & { nowMs: () => number },
  workspaceId: string,
  lastEventId: string | undefined,
  stream: EventStream,
  mayGoOn: () => Promise<boolean>,
): Promise<void> {
  const wakeups = createWakeups<string | undefined>();
  const stop = deps.watch.workspace(workspaceId, wakeups.add);
  const check = keepChecking(deps, stream, mayGoOn);
  void stream.closed.then(wakeups.end);
  const told = new Map<string, Told>();
  const nowUs = deps.nowMs() * 1_000;
  let seenUs = nowUs;

  const tell = async (rows: JobRow[]): Promise<void> => {
    for (const row of rows) {
      seenUs = Math.max(seenUs, row.updated_us);
      const step = await jobEvents(deps, row, told.get(row.generation_id), String(seenUs));
      step.events.forEach(stream.send);
      told.set(row.generation_id, step.told);
    }
  };
  const tellChangedSince = async (sinceUs: number): Promise<void> => {
    for (let fromUs = sinceUs; stream.isOpen();) {
      const rows = await readTenant(deps.db, workspaceId, (query) =>
        selectChangedJobs(query, workspaceId, fromUs, batchMax),
      );
      await tell(rows);
      const lastUs = rows.at(-1)?.updated_us;
      if (rows.length < batchMax || lastUs === undefined || lastUs <= fromUs) return;
      fromUs = lastUs;
    }
  };

  try {
    const since = readEventId(lastEventId);
    if (since !== undefined && since < nowUs - replayUs) stream.send({ event: 'resync', id: String(seenUs), data: {} });
    else if (since !== undefined) await tellChangedSince(since - overlapUs);
    while (stream.isOpen()) {
      const reasons = await wakeups.next();
      await delay(streamRestMs);
      if (!stream.isOpen()) break;
      const named = [...new Set(reasons.filter((id) => id !== undefined))];
      if (reasons.some((id) => id === undefined) || named.length > batchMax) await tellChangedSince(seenUs - overlapUs);
      if (named.length > 0 && named.length <= batchMax) {
        await tell(await readTenant(deps.db, workspaceId, (query) => selectJobsByIds(query, workspaceId, named)));
      }
      forgetEnded(told);
    }
  } finally {
    stop();
    clearInterval(check);
    stream.end();
  }
}

const readEventId = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;

/** What was told of long-ended jobs is not needed any more; the newest thousand stay so that a poll does not repeat them. */
function forgetEnded(told: Map<string, Told>): void {
  for (const id of told.keys()) {
    if (told.size <= 1_000) return;
    told.delete(id);
  }
}
