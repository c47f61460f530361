import type { Logger } from 'pino';
import type { Storage } from '#adapters/storage/index.ts';
import type { Database } from '#platform/db/database.ts';
import type { Clock } from '#platform/clock.ts';
import type { Chores, ScheduledChore } from '#platform/jobs/chores.ts';
import { deleteObjects } from './delete-objects.ts';
import { purgeTrash } from './purge-trash.ts';
import { sweepOrphans } from './sweep-orphans.ts';

/** The chores of the library. */
export function libraryChores(deps: { db: Database; storage: Storage; log: Logger; clock: Clock }): Chores {
  return {
    delete_objects: (payload) => deleteObjects(deps, payload),
    purge_trash: async () => void (await purgeTrash(deps)),
    sweep_orphans: async () => void (await sweepOrphans(deps, deps.clock.nowMs())),
  };
}

export const librarySchedule: ScheduledChore[] = [
  { task: 'purge_trash', when: '41 3 * * *' },
  { task: 'sweep_orphans', when: '11 * * * *' },
];
