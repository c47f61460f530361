import type { Logger } from 'pino';
import type { Captcha } from '#adapters/captcha/port.ts';
import type { Pictures } from '#adapters/pictures/port.ts';
import type { Storage } from '#adapters/storage/index.ts';
import { accessChannel, accountsRoutes, createAccounts, resolveActor } from '#features/accounts/index.ts';
import { billingRoutes, type PaymentProviders, webhookRoutes } from '#features/billing/index.ts';
import { creditsRoutes, type LedgerSigner } from '#features/credits/index.ts';
import { departuresRoutes } from '#features/departures/index.ts';
import {
  createJobHints,
  createJobWatch,
  createQueueFront,
  createQueueOrder,
  createQuoteSigner,
  generationsRoutes,
} from '#features/generations/index.ts';
import { libraryRoutes } from '#features/library/index.ts';
import { createCatalogue, modelsRoutes } from '#features/models/index.ts';
import { devMailRoutes } from '#features/notifications/index.ts';
import { workspacesRoutes } from '#features/workspaces/index.ts';
import { type Clock, systemClock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import type { Database } from '#platform/db/database.ts';
import { listen } from '#platform/db/listen.ts';
import { createHttpApp } from '#platform/http/app.ts';
import type { HintBus } from '#platform/hints/port.ts';
import type { HttpApp, Routes } from '#platform/http/route.ts';
import { createMemoryLimiter, type Limiter } from '#platform/limits.ts';
import type { Metrics } from '#platform/telemetry.ts';
import { checkHealth } from './check-health.ts';

export type ApiDeps = {
  config: Pick<Config, 'production' | 'publicUrl' | 'engines'> & {
    http: Pick<Config['http'], 'trustProxy'>;
    authSecret: string;
    /** Providers people may sign in with; none when missing. */
    social?: Config['social'];
  };
  version: string;
  log: Logger;
  metrics: Metrics;
  /** Role `pingvas_app`, and its address for the connection that listens. */
  db: Database;
  connectionString: string;
  /** Carries hints between the processes. */
  bus: HintBus;
  /** Role `pingvas_auth`. */
  authDb: Database;
  storage: Storage;
  pictures: Pictures;
  ledgerSigner: LedgerSigner;
  /** Asked at sign-up; nobody is when missing. */
  captcha?: Captcha;
  /** Who takes our customers' money; nobody when missing. */
  payments?: PaymentProviders;
  clock?: Clock;
  limiter?: Limiter;
  /** Pages and files of the web app. */
  web?: Routes;
  /** How old the catalogue may be, milliseconds. */
  catalogueFreshMs?: number;
  /** How often watchers of jobs look without being told to, milliseconds. */
  watchPollMs?: number;
  /** How often an open stream says that it is alive and looks at the caller's rights, milliseconds. */
  streamCheckMs?: number;
};

/** The public API with all its features. It does not listen; closing it ends streams and connections of its own, not the pools. */
export async function buildApi(deps: ApiDeps): Promise<HttpApp> {
  const { config, db, log, storage, pictures, connectionString, metrics } = deps;
  const { publicUrl } = config;
  const clock = deps.clock ?? systemClock;
  const payments = deps.payments ?? new Map();
  const limiter = deps.limiter ?? createMemoryLimiter();
  const accounts = createAccounts({
    db,
    authDb: deps.authDb,
    publicUrl,
    secret: config.authSecret,
    log,
    clock,
    limiter,
    ...(config.social && { social: config.social }),
    ...(deps.captcha && { captcha: deps.captcha }),
  });
  const catalogue = createCatalogue({
    log,
    db,
    engines: config.engines,
    clock,
    freshMs: deps.catalogueFreshMs ?? 1_000,
    timingsFreshMs: deps.catalogueFreshMs ?? 10_000,
  });
  const hints = createJobHints(deps.bus, log);
  const watch = createJobWatch({ bus: deps.bus, pollMs: deps.watchPollMs ?? 2_000 });
  // Rights that change are forgotten here at once; without the hint within a second.
  const access = listen({
    connectionString,
    channels: { [accessChannel]: accounts.callers.forget },
    onConnected: accounts.callers.forget,
    log,
  });

  const app = await createHttpApp({
    config: {
      publicUrl,
      production: config.production,
      trustProxy: config.http.trustProxy,
      widgetOrigin: deps.captcha?.widgetOrigin ?? null,
    },
    version: deps.version,
    log,
    limiter,
    resolveActor: (call) => resolveActor(accounts, call),
    checkHealth: () => checkHealth({ db, storage }),
    onRequestDone: metrics.requestDone,
    routes: [
      accountsRoutes(accounts),
      workspacesRoutes(accounts),
      departuresRoutes(accounts),
      modelsRoutes({ catalogue, engines: config.engines }),
      generationsRoutes({
        db,
        catalogue,
        engines: config.engines,
        storage,
        hints,
        watch,
        queueOrder: createQueueOrder(db, clock),
        queueFront: createQueueFront(db, clock),
        quotes: createQuoteSigner(config.authSecret),
        limiter,
        publicUrl,
        clock,
        streamCheckMs: deps.streamCheckMs ?? 15_000,
      }),
      libraryRoutes({ db, storage, pictures, publicUrl }),
      billingRoutes({ db, payments, clock, publicUrl }),
      webhookRoutes({ db, payments, clock }),
      creditsRoutes({ db, signer: deps.ledgerSigner, clock }),
      ...(config.production ? [] : [devMailRoutes({ db })]),
      ...(deps.web ? [deps.web] : []),
    ],
  });
  app.addHook('onClose', async () => {
    await Promise.all([access.close(), watch.close(), hints.flush()]);
  });
  return app;
}
