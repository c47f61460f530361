/** Short enough to catch a picture that unfolds by gigabytes a second before the machine feels it. */
const INTERVAL_MS = 20;

/**
 * Ends this process once its resident memory passes a limit (bytes). Killed and not ended cleanly: a library in the middle of its
 * allocations cannot be asked to stop, and is just what we flee from.
 */
export function dieAboveRss(bytesMax: number): void {
  setInterval(() => {
    if (process.memoryUsage.rss() > bytesMax) process.kill(process.pid, 'SIGKILL');
  }, INTERVAL_MS).unref();
}
