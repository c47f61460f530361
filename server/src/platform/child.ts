import type { Registry } from 'prom-client';

/** What a child process of the supervisor does on its orders. Started on its own (Kubernetes), only the signals matter. */
export type ChildDuties = { registry: Registry; stop: () => Promise<void> };

/**
 * Says `ready`, answers metrics questions, and runs `stop` once on SIGTERM, SIGINT or when the supervisor is gone; then the process exits.
 * A stop that fails still ends the process, with code 1.
 */
export function serveAsChild({ registry, stop }: ChildDuties): void {
  let stopping = false;
  const end = (): void => {
    if (stopping) return;
    stopping = true;
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (!process.send) return;
  process.on('disconnect', end);
  process.on('message', (message) => {
    if (typeof message !== 'object' || message === null || !('metrics' in message)) return;
    void registry.getMetricsAsJSON().then((metrics) => {
      if (process.connected) process.send?.({ metricsFor: message.metrics, metrics });
    });
  });
  process.send('ready');
}
