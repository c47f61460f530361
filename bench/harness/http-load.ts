import type { EventEmitter } from 'node:events';

/** What is sent next. */
export type HttpRequest = { method: 'GET' | 'POST'; path: string; headers: Record<string, string>; body?: string };
export type HttpLoad = {
  /** Where: `http://127.0.0.1:PORT`. */
  url: string;
  connections: number;
  /** How many requests, one after another on each connection … */
  amount?: number;
  /** … or for how long, at this rate whatever the answers take. */
  durationS?: number;
  perSecond?: number;
  /** Called once for each request, in the order of sending. */
  next: (n: number) => HttpRequest;
};
export type HttpAnswers = { perSecond: number; ms: number[]; statuses: Record<string, number> };

type Setup = { setupRequest: (request: object) => object };
type Options = {
  url: string;
  connections: number;
  amount?: number;
  duration?: number;
  overallRate?: number;
  timeout: number;
  requests: Setup[];
};
type Autocannon = (options: Options, done: (error: Error | null, result: { errors: number }) => void) => EventEmitter;

/** Sends requests by autocannon and returns every answer's time and status; `error` counts those without an answer. */
export async function loadHttp({
  url,
  connections,
  amount,
  durationS,
  perSecond,
  next,
}: HttpLoad): Promise<HttpAnswers> {
  const peer = 'autocannon';
  const { default: autocannon } = (await import(peer)) as { default: Autocannon };
  const ms: number[] = [];
  const statuses: Record<string, number> = {};
  let sent = 0;
  const setupRequest = (request: object): object => {
    const { headers, ...rest } = next(sent++);
    const json = rest.body === undefined ? {} : { 'content-type': 'application/json' };
    return { ...request, ...rest, headers: { host: 'localhost:8000', ...json, ...headers } };
  };
  const startMs = performance.now();
  let endMs = startMs;
  const { errors } = await new Promise<{ errors: number }>((resolve, reject) => {
    const instance = autocannon(
      {
        url,
        connections,
        timeout: 30,
        requests: [{ setupRequest }],
        ...(amount !== undefined && { amount }),
        ...(durationS !== undefined && { duration: durationS }),
        ...(perSecond !== undefined && { overallRate: perSecond }),
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    );
    instance.on('response', (_client: unknown, status: number, _bytes: number, tookMs: number) => {
      endMs = performance.now();
      ms.push(tookMs);
      statuses[status] = (statuses[status] ?? 0) + 1;
    });
  });
  if (errors > 0) statuses['error'] = errors;
  return { perSecond: (ms.length / (endMs - startMs)) * 1_000, ms, statuses };
}
