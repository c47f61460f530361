import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '#platform/db/database.ts';
import type { HintBus } from '#platform/hints/port.ts';
import { countSilent, databaseNow } from './catalogue-admin.queries.ts';

/** Asks every worker to say what it has, and waits until all that live have done so, at most `timeoutMs`. Returns how many have not. */
export async function askWorkersToReport(admin: Database, bus: HintBus, timeoutMs: number): Promise<number> {
  const asked = await databaseNow(admin);
  const until = performance.now() + timeoutMs;
  await bus.publish([{ channel: 'pingvas_models', payload: '' }]);
  for (;;) {
    const silent = await countSilent(admin, asked);
    if (silent === 0 || performance.now() > until) return silent;
    await delay(100);
  }
}
