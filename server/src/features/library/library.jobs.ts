import type { Logger } from 'pino';
import type { Storage } from '#adapters/storage/index.ts';
import type { Database } from '#platform/db/database.ts';
import type { Clock } from '#platform/clock.ts';
import type { Metrics } from '#platform/telemetry.ts';
import type { Chores, ScheduledChore } from '#platform/jobs/chores.ts';
import { checkObjects } from './check-objects.ts';
import { deleteObjects } from './delete-objects.ts';
import { purgeTrash } from './purge-trash.ts';
import { sweepOrphans } from './sweep-orphans.ts';

/** The chores of the library. */
export function libraryChores(deps: {
  db: Database;
  storage: Storage;
  log: Logger;
  clock: Clock;
  metrics: Pick<Metrics, 'counter'>;
}): Chores {
  const faults = deps.metrics.counter(
    'pingvas_object_faults_total',
    'Pictures found without their object, or with one of another length',
    ['fault'],
  );
  // Present from the start, so that an alert on their growth sees the first one.
  for (const fault of ['missing', 'wrong_size']) faults.add({ fault }, 0);
  return {
    check_objects: async () => {
      const { missing, wrongSize } = await checkObjects(deps);
      faults.add({ fault: 'missing' }, missing.length);
      faults.add({ fault: 'wrong_size' }, wrongSize.length);
    },
    delete_objects: (payload) => deleteObjects(deps, payload),
    purge_trash: async () => void (await purgeTrash(deps)),
    sweep_orphans: async () => void (await sweepOrphans(deps, deps.clock.nowMs())),
  };
}

export const librarySchedule: ScheduledChore[] = [
  { task: 'purge_trash', when: '41 3 * * *' },
  { task: 'check_objects', when: '17 4 * * *' },
  { task: 'sweep_orphans', when: '11 * * * *' },
];
