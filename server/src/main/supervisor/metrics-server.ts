import http from 'node:http';
import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, type Registry } from 'prom-client';
import type { Child } from './children.ts';

export type MetricsServerOptions = { host: string; port: number; children: () => Child[]; own: Registry };

/** Serves the metrics of every process, labelled by it, on the internal port. Returns the function that closes it. */
export async function serveMetrics({ host, port, children, own }: MetricsServerOptions): Promise<() => Promise<void>> {
  const server = http.createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('The metrics are at /metrics\n');
      return;
    }
    void collect(children(), own).then((text) =>
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return () => new Promise((resolve) => server.close(() => resolve()));
}

async function collect(children: Child[], own: Registry): Promise<string> {
  const labelled = async (name: string, metrics: unknown): Promise<MetricObjectWithValues<MetricValue<string>>[]> => {
    const list = (metrics ?? []) as MetricObjectWithValues<MetricValue<string>>[];
    for (const metric of list) for (const value of metric.values) value.labels = { ...value.labels, process: name };
    return list;
  };
  const lists = await Promise.all([
    ...children.map(async (child) => labelled(child.name, await child.metrics())),
    labelled('start', await own.getMetricsAsJSON()),
  ]);
  return AggregatorRegistry.aggregate(lists).metrics();
}
