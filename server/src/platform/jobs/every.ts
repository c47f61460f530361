import type { Logger } from 'pino';

export type Loop = { stop: () => Promise<void> };

/**
 * Runs `work` again and again, `intervalMs` after the last run ended: never twice at once, and a failure (a database that is away) is
 * logged and tried again. `stop` waits for the run in progress.
 */
export function every(intervalMs: number, log: Pick<Logger, 'warn'>, name: string, work: () => Promise<void>): Loop {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const turn = (): void => {
    running = work()
      .catch((error: unknown) => log.warn({ err: error, loop: name }, 'loop failed; it goes on'))
      .then(() => {
        if (!stopped) timer = setTimeout(turn, intervalMs);
      });
  };
  turn();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
