import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { AppError } from '#platform/errors.ts';
import type { Limiter } from '#platform/limits.ts';
import { findUnstorableText, jsonBytesMax, readJsonBodies } from './body.ts';
import { identifyCallers, type ResolveActor } from './caller.ts';
import { addHealth, type CheckHealth } from './health.routes.ts';
import { isOurHost } from './hosts.ts';
import { createMethodIndex } from './methods.ts';
import { addDocument } from './openapi.ts';
import { limitCalls } from './rate-limits.ts';
import { sendProblem } from './render-problem.ts';
import type { HttpApp, RouteEntry, Routes } from './route.ts';
import { addStreams } from './streams.ts';

/** One finished request, for metrics: `route` is the pattern, never the address. */
export type RequestSample = { method: string; route: string; status: number; seconds: number };

export type HttpAppOptions = {
  config: {
    publicUrl: string;
    production: boolean;
    /** Hops or networks of proxies whose `X-Forwarded-For` is believed; false = none. */
    trustProxy: false | number | string[];
    /** A third party whose script and frame the pages may hold: the captcha's widget, where the operator chose one. */
    widgetOrigin?: string | null;
  };
  version: string;
  log: Logger;
  limiter: Limiter;
  resolveActor: ResolveActor;
  checkHealth: CheckHealth;
  onRequestDone?: (sample: RequestSample) => void;
  /** The features' routes, in order. */
  routes: readonly Routes[];
};

/**
 * Builds the HTTP application: request ids, callers, limits, strict bodies, problems, document, health and orderly end. It does not listen.
 * Every route must say in `config.access` who may call it; one that does not fails here.
 */
export async function createHttpApp(options: HttpAppOptions): Promise<HttpApp> {
  const { config, log, limiter, version } = options;
  // Widened, or the type of the application would carry pino's.
  const loggerInstance: FastifyBaseLogger = log;
  const app: HttpApp = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, error),
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
    },
    bodyLimit: jsonBytesMax,
    trustProxy: typeof config.trustProxy === 'number' ? trustHops(config.trustProxy) : config.trustProxy,
    forceCloseConnections: 'idle',
    // While draining, requests that still arrive on open connections are served; the balancer has been told by /health/ready.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 300 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const methods = createMethodIndex();
  const routeTable: RouteEntry[] = [];
  app.decorate('routeTable', routeTable);
  app.addHook('onRoute', (route) => {
    route.config ??= {};
    const isVendors = route.url.startsWith('/docs') || route.method === 'OPTIONS';
    if (isVendors) route.config = { ...route.config, access: 'public', limit: 'none' };
    if (route.config.access === undefined)
      throw new Error(`Route ${String(route.method)} ${route.url} does not say who may call it (config.access).`);
    methods.add(route.method, route.url);
    for (const method of [route.method].flat())
      routeTable.push({ method, url: route.url, access: route.config.access });
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (!request.url.startsWith('/health') && !isOurHost(request.headers.host, config))
      throw new AppError('misdirected_request');
  });
  await app.register(helmet, {
    contentSecurityPolicy: { directives: contentSecurity(config) },
    hsts: config.production,
  });
  await app.register(cors, {
    origin: '*',
    credentials: false,
    strictPreflight: false,
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'accept-language',
      'idempotency-key',
      'last-event-id',
      'x-request-id',
      'x-workspace-id',
    ],
    exposedHeaders: ['location', 'retry-after', 'ratelimit', 'ratelimit-policy', 'x-request-id', 'idempotent-replayed'],
    maxAge: 86_400,
  });
  await app.register(cookie);
  identifyCallers(app, options.resolveActor, config);
  limitCalls(app, limiter);
  readJsonBodies(app);
  app.addHook('preValidation', async (request) => {
    if (request.is404) return;
    const errors = [request.body, request.query, request.params].flatMap(findUnstorableText);
    if (errors.length > 0) throw new AppError('invalid_request', { errors });
  });
  addStreams(app);

  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, error));
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.allowedAt(request.url);
    const refusal =
      allowed.length > 0
        ? new AppError('method_not_allowed', { headers: { allow: allowed.join(', ') } })
        : new AppError('not_found');
    return sendProblem(request, reply, refusal);
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const seconds = reply.elapsedTime / 1_000;
    if (!reply.isStream) options.onRequestDone?.({ method: request.method, route, status: reply.statusCode, seconds });
    request.log.info(
      { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
  });

  await addDocument(app, { version, publicUrl: config.publicUrl });
  addHealth(app, { version, checkHealth: options.checkHealth });
  for (const routes of options.routes)
    await app.register(async (scope) => routes(scope.withTypeProvider<ZodTypeProvider>()));
  return app;
}

/** Believes the last `hops` proxies before us; the socket's own address is hop 0. */
const trustHops =
  (hops: number) =>
  (_address: string, hop: number): boolean =>
    hop < hops;

/** Only our own scripts run, and the captcha's where there is one; pictures may also come from memory (previews before upload). */
function contentSecurity({
  production,
  widgetOrigin,
}: Pick<HttpAppOptions['config'], 'production' | 'widgetOrigin'>): Record<string, string[] | null> {
  const widget = widgetOrigin ? [widgetOrigin] : [];
  return {
    'default-src': ["'self'"],
    'script-src': ["'self'", ...widget],
    'frame-src': widget.length > 0 ? widget : ["'none'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:', ...(production ? ['https:'] : [])],
    'font-src': ["'self'"],
    'connect-src': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'self'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    'upgrade-insecure-requests': production ? [] : null,
  };
}
