import type { Storage } from '#adapters/storage/index.ts';
import type { Database } from '#platform/db/database.ts';
import { trashDays } from './library.queries.ts';
import { discard } from './upload-image.ts';

/** Removes what lay in the trash for 30 days: objects first, then the row and its bytes, so that a crash in between is finished by the next run. */
export async function purgeTrash(deps: { db: Database; storage: Storage }): Promise<number> {
  let purged = 0;
  for (;;) {
    const { rows } = await deps.db.pool.query<{ image_id: string; workspace_id: string; storage_key: string }>(
      'select * from public.trash_due($1, 100)',
      [trashDays],
    );
    if (rows.length === 0) return purged;
    for (const { image_id, workspace_id, storage_key } of rows) {
      await discard(deps.storage, storage_key);
      await deps.db.pool.query('select public.forget_image($1, $2)', [workspace_id, image_id]);
      purged += 1;
    }
  }
}
