import type { EventEmitter } from 'node:events';
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** What is sent next. */
export type HttpRequest = { method: 'GET' | 'POST'; path: string; headers: Record<string, string>; body?: string };
export type HttpLoad = {
  /** Where: `http://127.0.0.1:PORT`. */
  url: string;
  connections: number;
  /** How many requests, one after another on each connection. */
  amount: number;
  /** Called once for each request, in the order of sending. */
  next: (n: number) => HttpRequest;
};
export type HttpAnswers = { perSecond: number; ms: number[]; statuses: Record<string, number> };

type Setup = { setupRequest: (request: object) => object };
type Options = {
  url: string;
  connections: number;
  amount: number;
  timeout: number;
  requests: Setup[];
};
type Autocannon = (options: Options, done: (error: Error | null, result: { errors: number }) => void) => EventEmitter;

/** Sends requests by autocannon and returns every answer's time and status; `error` counts those without an answer. */
export async function loadHttp({ url, connections, amount, next }: HttpLoad): Promise<HttpAnswers> {
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
        amount,
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

/**
 * Sends requests at fixed instants for some seconds, whatever the answers take, and measures each from the instant it was due. Autocannon would send all
 * requests of a second at its beginning.
 */
export async function paceHttp({
  url,
  perSecond,
  durationS,
  next,
}: Pick<HttpLoad, 'url' | 'next'> & { perSecond: number; durationS: number }): Promise<HttpAnswers> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  const ms: number[] = [];
  const statuses: Record<string, number> = {};
  const send = async (n: number, dueMs: number): Promise<void> => {
    const status = await sendOnce(agent, url, next(n));
    ms.push(performance.now() - dueMs);
    statuses[status] = (statuses[status] ?? 0) + 1;
  };
  const startMs = performance.now();
  const sent: Promise<void>[] = [];
  for (let n = 0; n < perSecond * durationS; n++) {
    const dueMs = startMs + (n * 1_000) / perSecond;
    if (dueMs > performance.now()) await delay(dueMs - performance.now());
    sent.push(send(n, dueMs));
  }
  await Promise.all(sent);
  const tookMs = performance.now() - startMs;
  agent.destroy();
  return { perSecond: (ms.length / tookMs) * 1_000, ms, statuses };
}

/** Sends one request and reads its answer; `error` when none came. */
function sendOnce(
  agent: http.Agent,
  url: string,
  { method, path, headers, body }: HttpRequest,
): Promise<number | 'error'> {
  return new Promise((resolve) => {
    const json =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const request = http.request(
      url + path,
      { agent, method, headers: { host: 'localhost:8000', ...json, ...headers } },
      (response) => {
        response.on('error', () => resolve('error'));
        response.on('end', () => resolve(response.statusCode ?? 'error'));
        response.resume();
      },
    );
    request.on('error', () => resolve('error'));
    request.end(body);
  });
}
