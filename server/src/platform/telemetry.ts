import type pg from 'pg';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Numbers of one process. Everything is labelled with the process's name when the supervisor puts all of them on one page. */
export type Metrics = {
  registry: Registry;
  /** Counts a finished HTTP request (RED: rate, errors, duration). `route` is the pattern, so that ids do not become labels. */
  requestDone: (sample: { method: string; route: string; status: number; seconds: number }) => void;
  /** Watches a connection pool: open, idle and waiting. */
  watchPool: (name: string, pool: Pick<pg.Pool, 'totalCount' | 'idleCount' | 'waitingCount'>) => void;
  /** A gauge whose values are computed whenever somebody looks. `read` may fail: the last values stay. */
  gauge: (
    name: string,
    help: string,
    labels: string[],
    read: (set: (labels: Record<string, string>, value: number) => void) => Promise<void>,
  ) => void;
  /** A number that only grows. */
  counter: (
    name: string,
    help: string,
    labels: string[],
  ) => { add: (labels: Record<string, string>, value?: number) => void };
};

/** The metrics of a process: Node's own (memory, event-loop lag, garbage collection) and ours. */
export function createMetrics(processName: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ process: processName });
  collectDefaultMetrics({ register: registry, prefix: 'pingvas_', eventLoopMonitoringPrecision: 20 });
  const duration = new Histogram({
    name: 'pingvas_http_request_seconds',
    help: 'Duration of HTTP requests by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  return {
    registry,
    requestDone: ({ method, route, status, seconds }) =>
      duration.observe({ method, route, status: String(status) }, seconds),
    watchPool: (name, pool) => {
      const read = { open: () => pool.totalCount, idle: () => pool.idleCount, waiting: () => pool.waitingCount };
      poolGauge(registry).watch((set) => {
        for (const [state, value] of Object.entries(read)) set({ pool: name, state }, value());
      });
    },
    gauge: (name, help, labels, read) => {
      const gauge: Gauge = new Gauge({
        name,
        help,
        labelNames: labels,
        registers: [registry],
        collect: async () => {
          const fresh: [Record<string, string>, number][] = [];
          try {
            await read((labelValues, value) => fresh.push([labelValues, value]));
          } catch {
            return; // The database is away: health says so; the page must still come.
          }
          gauge.reset();
          for (const [labelValues, value] of fresh) gauge.set(labelValues, value);
        },
      });
    },
    counter: (name, help, labels) => {
      const counter = new Counter({ name, help, labelNames: labels, registers: [registry] });
      return { add: (labelValues, value = 1) => counter.inc(labelValues, value) };
    },
  };
}

type Watch = (set: (labels: Record<string, string>, value: number) => void) => void;
const pools = new WeakMap<Registry, { watch: (watch: Watch) => void }>();

function poolGauge(registry: Registry): { watch: (watch: Watch) => void } {
  const known = pools.get(registry);
  if (known) return known;
  const watches: Watch[] = [];
  const gauge: Gauge = new Gauge({
    name: 'pingvas_database_connections',
    help: 'Connections of a pool by state; `waiting` are callers without one',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect: () => {
      for (const watch of watches) watch((labels, value) => gauge.set(labels, value));
    },
  });
  const made = { watch: (watch: Watch): void => void watches.push(watch) };
  pools.set(registry, made);
  return made;
}
