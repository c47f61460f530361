import type { Logger } from 'pino';
import { parseAttemptKey, type Storage } from '#adapters/storage/index.ts';
import type { Database } from '#platform/db/database.ts';

/** Older than any lease plus the longest attempt: nobody can still be about to write the row. */
const orphanAgeMs = 2 * 3_600_000;

/**
 * Removes objects that no row knows: what dead attempts and broken uploads left behind, and the previews of ended jobs. Thumbnails follow their original.
 * Returns how many were removed.
 */
export async function sweepOrphans(
  deps: { db: Database; storage: Storage; log: Logger },
  nowMs: number,
): Promise<number> {
  let removed = 0;
  let batch: { key: string; original: string }[] = [];
  const flush = async (): Promise<void> => {
    const { rows } = await deps.db.pool.query<{ key: string }>('select * from public.orphaned_keys($1) as key', [
      batch.map(({ original }) => original),
    ]);
    const orphans = new Set(rows.map(({ key }) => key));
    for (const { key, original } of batch) {
      if (!orphans.has(original)) continue;
      await deps.storage.delete(key);
      removed += 1;
    }
    batch = [];
  };
  for await (const { key, lastModified } of deps.storage.list('ws/')) {
    if (nowMs - lastModified.getTime() < orphanAgeMs) continue;
    batch.push({ key, original: originalOf(key) });
    if (batch.length === 500) await flush();
  }
  await flush();
  if (removed > 0) deps.log.info({ removed }, 'orphaned objects removed');
  return removed;
}

/** The key of the original an object belongs to; a preview belongs to none and is always past its time. */
function originalOf(key: string): string {
  if (parseAttemptKey(key)?.index === null) return key;
  return key.replace(/[.]\d+[.]webp$/, '.png');
}
