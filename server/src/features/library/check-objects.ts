import type { Logger } from 'pino';
import type { Storage } from '#adapters/storage/index.ts';
import type { Database } from '#platform/db/database.ts';

/** A day's sample. A loss of 1 in 1,000 pictures is seen the same day with a chance of 99.995 %. */
const sampleSize = 10_000;
const askedAtOnce = 16;

export type ObjectFaults = { missing: string[]; wrongSize: string[] };

/**
 * The other half of `sweepOrphans`: looks for pictures whose object is gone or has another length. Nothing of ours makes them (an object is
 * written before its row and removed after it can no longer come back), so each one is a loss outside and is told, never tidied away.
 * Returns the keys; throws when the storage does not answer.
 */
export async function checkObjects(deps: { db: Database; storage: Storage; log: Logger }): Promise<ObjectFaults> {
  const { rows } = await deps.db.pool.query<{ storage_key: string; size_bytes: number }>(
    'select * from public.sample_objects($1)',
    [sampleSize],
  );
  const missing: string[] = [];
  const wrongSize: string[] = [];
  for (let at = 0; at < rows.length; at += askedAtOnce) {
    await Promise.all(
      rows.slice(at, at + askedAtOnce).map(async ({ storage_key, size_bytes }) => {
        const object = await deps.storage.head(storage_key);
        if (!object) missing.push(storage_key);
        else if (object.sizeBytes !== size_bytes) wrongSize.push(storage_key);
      }),
    );
  }
  const faults = { missing: await stillNamed(deps.db, missing), wrongSize };
  if (faults.missing.length + wrongSize.length > 0)
    deps.log.error(
      { checked: rows.length, missing: faults.missing.slice(0, 20), wrong_size: wrongSize.slice(0, 20) },
      'pictures have lost their objects; restore these from a backup or an earlier version in the bucket',
    );
  return faults;
}

/** A job may have been deleted, and its objects after it, since the sample was drawn. */
async function stillNamed(db: Database, keys: string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const { rows } = await db.pool.query<{ key: string }>('select * from public.orphaned_keys($1) as key', [keys]);
  const gone = new Set(rows.map(({ key }) => key));
  return keys.filter((key) => !gone.has(key));
}
