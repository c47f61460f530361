import { sql } from 'kysely';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/db/database.ts';

/** Where waiting jobs stand. */
export type QueueOrder = {
  /** How many jobs are estimated to start before this one if none arrives; at most 1,000. */
  positionOf: (job: { generationId: string; level: number }) => Promise<number>;
  /** The same jobs by effective level, the highest first. */
  aheadOf: (job: { generationId: string; level: number }) => Promise<{ level: number; jobs: number }[]>;
};

export const positionMax = 1_000;
/** A snapshot serves everybody who asks within this time. */
const freshMs = 2_000;

type Snapshot = { at: Map<string, number>; levels: number[] };

/** Reads the order of the queue at most every two seconds per process, however many watch their jobs. */
export function createQueueOrder(db: Database, clock: Clock): QueueOrder {
  let known: { readAtMs: number; snapshot: Promise<Snapshot> } | undefined;
  const read = async (): Promise<Snapshot> => {
    const { rows } = await sql<{
      queue: { ids: string[]; levels: number[] };
    }>`select public.queue_order() as queue`.execute(db.kysely);
    const { ids, levels } = rows[0]?.queue ?? { ids: [], levels: [] };
    return { at: new Map(ids.map((id, position) => [id, position])), levels };
  };
  const snapshot = (): Promise<Snapshot> => {
    const nowMs = clock.nowMs();
    if (!known || nowMs - known.readAtMs >= freshMs) {
      const entry = { readAtMs: nowMs, snapshot: read() };
      known = entry;
      entry.snapshot.catch(() => {
        if (known === entry) known = undefined;
      });
    }
    return known.snapshot;
  };
  const levelsAhead = async ({ generationId, level }: { generationId: string; level: number }): Promise<number[]> => {
    const { at, levels } = await snapshot();
    const position = at.get(generationId);
    // Newer than the snapshot, or beyond its end: behind all of its own level and above.
    return position === undefined ? levels.filter((other) => other >= level) : levels.slice(0, position);
  };
  return {
    positionOf: async (job) => (await levelsAhead(job)).length,
    aheadOf: async (job) =>
      Array.from(Map.groupBy(await levelsAhead(job), (level) => level))
        .map(([level, jobs]) => ({ level, jobs: jobs.length }))
        .sort((a, b) => b.level - a.level),
  };
}
