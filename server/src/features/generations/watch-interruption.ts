import type { Logger } from 'pino';
import type { InterruptionNotices } from '#adapters/interruption/port.ts';
import { every, type Loop } from '#platform/jobs/every.ts';

export type WatchInterruptionDeps = {
  notices: InterruptionNotices;
  log: Logger;
  nowMs: () => number;
  lookEveryMs?: number;
};

/**
 * Asks every five seconds, as the clouds recommend, whether this machine is to be taken away; tells it once, with the time that is left in
 * milliseconds. A cloud that cannot be asked is asked again.
 */
export function watchInterruption(
  { notices, log, nowMs, lookEveryMs = 5_000 }: WatchInterruptionDeps,
  onNotice: (leftMs: number) => void,
): Loop {
  let told = false;
  return every(lookEveryMs, log, 'interruption notice', async () => {
    if (told) return;
    const notice = await notices.current();
    if (!notice) return;
    told = true;
    const leftMs = Math.max(0, notice.endsAtMs - nowMs());
    log.warn({ left_s: Math.round(leftMs / 1_000) }, 'this machine is taken away; the worker leaves');
    onNotice(leftMs);
  });
}
