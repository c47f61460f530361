import type { Storage } from '#adapters/storage/index.ts';
import { sweepOrphans } from '#features/library/sweep-orphans.ts';
import { createLog } from '#platform/log.ts';
import type { TestDatabase } from '#test/database.ts';

/** The hourly sweep of objects, as it will run three hours from now. */
export async function sweepObjects(db: TestDatabase, storage: Storage): Promise<void> {
  const log = createLog({ level: 'silent', process: 'test' });
  await sweepOrphans({ db: db.app, storage, log }, Date.now() + 3 * 3_600_000);
}
