import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiRoutes } from './api.ts';
import { catchUp, nextDueAt } from './clock.ts';
import { controlRoutes } from './control.ts';
import { type Deliveries, runDeliveries, type Webhook } from './deliveries.ts';
import { type Answer, readBody, type Route } from './http.ts';
import { checkoutRoutes } from './pages/checkout.ts';
import { portalRoutes } from './pages/portal.ts';
import { SandboxError } from './sandbox-error.ts';
import { openShop, type Shop } from './shop.ts';
import { openState, type Variant } from './state.ts';

export type { Variant };

export type SandboxOptions = {
  /** 0 = any free port. It always listens on loopback. */
  port: number;
  /** Where its state is kept; null = in memory. */
  file: string | null;
  /** Callers of its API must show it as their bearer token. */
  apiKey: string;
  storeId: string;
  variants: readonly Variant[];
  webhook: Webhook;
  /** Calls of the API per minute, as Lemon Squeezy allows. */
  callsPerMinute?: number;
  random?: () => number;
  realNow?: () => number;
};

export type Sandbox = { url: string; stop: () => Promise<void> };

/** The longest wait a timer can take. */
const timerMaxMs = 2_147_483_647;

/** Starts the payment provider of development: an API in Lemon Squeezy's words, pages for buyers, a control API, signed webhooks. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  let url = '';
  const shop = openShop({
    file: openState(options.file),
    storeId: options.storeId,
    variants: options.variants,
    url: () => url,
    random: options.random ?? Math.random,
    realNow: options.realNow ?? Date.now,
  });
  const routes = [...apiRoutes(shop), ...controlRoutes(shop), ...checkoutRoutes(shop), ...portalRoutes(shop)];
  const allowance = countCalls(options.callsPerMinute ?? 300);
  const deliveries = runDeliveries(shop, options.webhook);
  let timer: NodeJS.Timeout | undefined;
  /** After every step: what fell due is done, kept, and told. */
  const settle = (): void => {
    catchUp(shop);
    shop.save();
    deliveries.wake();
    clearTimeout(timer);
    const due = nextDueAt(shop);
    if (due !== undefined) timer = setTimeout(settle, Math.min(timerMaxMs, Math.max(10, due - shop.clockNow())));
  };

  const server = http.createServer((request, response) => {
    void answer(request, { routes, apiKey: options.apiKey, allowance, settle })
      .catch((error: unknown) => toError(error))
      .then((result) => write(response, result));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  settle();
  return { url, stop: () => stop(server, shop, deliveries, () => clearTimeout(timer)) };
}

async function stop(server: http.Server, shop: Shop, deliveries: Deliveries, clear: () => void): Promise<void> {
  clear();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await deliveries.stop();
  clear();
  shop.save();
}

type Surroundings = {
  routes: Route[];
  apiKey: string;
  allowance: () => { left: number; limit: number };
  settle: () => void;
};

async function answer(
  request: IncomingMessage,
  { routes, apiKey, allowance, settle }: Surroundings,
): Promise<Answer & { headers?: Record<string, string> }> {
  // A page of another origin, or a name that was made to point here, may not use what only this machine should.
  const host = request.headers.host ?? '';
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host))
    throw new SandboxError(421, 'Misdirected Request', 'Unknown host.');
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`)
    throw new SandboxError(403, 'Forbidden', 'Pages of other origins may not call this.');
  const url = new URL(request.url ?? '/', `http://${host}`);
  const headers: Record<string, string> = {};
  if (url.pathname.startsWith('/v1/')) {
    if (request.headers.authorization !== `Bearer ${apiKey}`)
      throw new SandboxError(401, 'Unauthorized', 'Unauthenticated.');
    const { left, limit } = allowance();
    headers['x-ratelimit-limit'] = String(limit);
    headers['x-ratelimit-remaining'] = String(Math.max(0, left));
    if (left < 0) throw new SandboxError(429, 'Too Many Requests', 'Too Many Attempts.');
  }
  const ofPath = routes.filter((route) => route.path.test(url.pathname));
  const route = ofPath.find((one) => one.method === request.method);
  if (!route)
    throw ofPath.length > 0
      ? new SandboxError(405, 'Method Not Allowed', `${request.method ?? ''} is not for this path.`)
      : new SandboxError(404, 'Not Found', 'There is nothing here.');
  const key = request.headers['idempotency-key'];
  const result = route.run({
    params: (route.path.exec(url.pathname) ?? []).slice(1).map(decodeURIComponent),
    query: url.searchParams,
    ...(await readBody(request)),
    languages: request.headers['accept-language'] ?? '',
    idempotencyKey: typeof key === 'string' ? key : undefined,
  });
  if (request.method !== 'GET') settle();
  return { ...result, headers };
}

function toError(error: unknown): Answer {
  const known = error instanceof SandboxError ? error : new SandboxError(500, 'Internal Server Error', String(error));
  const { status, title, message } = known;
  return {
    status,
    json: { jsonapi: { version: '1.0' }, errors: [{ status: String(status), title, detail: message }] },
  };
}

function write(response: ServerResponse, result: Answer & { headers?: Record<string, string> }): void {
  const { status = 200, json, html, location, headers } = result;
  if (location !== undefined) response.writeHead(status, { location }).end();
  else if (html !== undefined)
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(html);
  else response.writeHead(status, { 'content-type': 'application/vnd.api+json', ...headers }).end(JSON.stringify(json));
}

/** Calls left in the running minute, after this one. */
function countCalls(limit: number): () => { left: number; limit: number } {
  let minute = 0;
  let used = 0;
  return () => {
    const now = Math.floor(Date.now() / 60_000);
    if (now !== minute) {
      minute = now;
      used = 0;
    }
    used += 1;
    return { left: limit - used, limit };
  };
}
