import path from 'node:path';
import { createPictures } from '#adapters/pictures/sharp.ts';
import { createLedgerSigner } from '#features/credits/index.ts';
import { serveAsChild } from '#platform/child.ts';
import { loadEnvironment, readConfig } from '#platform/config.ts';
import { createDatabase } from '#platform/db/database.ts';
import { openPool } from '#platform/db/pool.ts';
import { studioRoutes } from '#platform/http/studio.routes.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/telemetry.ts';
import { buildApi } from './build-api.ts';
import { buildCaptcha } from './build-captcha.ts';
import { buildHints } from './build-hints.ts';
import { buildLimiter } from './build-limiter.ts';
import { buildPayments } from './build-payments.ts';
import { buildStorage } from './build-storage.ts';
import { version } from './version.ts';

// Answers HTTP. Any number of these may run side by side.

const config = readConfig(loadEnvironment());
const log = createLog({ level: config.logLevel, process: 'api' });
const { database, authSecret, ledgerSigningKey } = config;
if (database?.auth == null || authSecret === null || ledgerSigningKey === null)
  throw new Error('DATABASE_URL, DATABASE_AUTH_URL, AUTH_SECRET and LEDGER_SIGNING_KEY must be set.');
const pool = openPool({ connectionString: database.app, max: 10, name: 'api', log });
const authPool = openPool({ connectionString: database.auth, max: 4, name: 'api auth', log });
const metrics = createMetrics('api');
metrics.watchPool('app', pool);
metrics.watchPool('auth', authPool);
const pictures = createPictures();

const bus = buildHints(config, { db: createDatabase(pool), connectionString: database.app, log });
const { limiter, close: closeLimiter } = buildLimiter(config, log);

const app = await buildApi({
  config: { ...config, authSecret },
  version,
  log,
  metrics,
  db: createDatabase(pool),
  connectionString: database.app,
  bus,
  limiter,
  captcha: buildCaptcha(config, authSecret),
  authDb: createDatabase(authPool),
  storage: buildStorage(config.storage),
  pictures,
  ledgerSigner: createLedgerSigner(ledgerSigningKey),
  payments: buildPayments(config),
  web: studioRoutes(path.join(import.meta.dirname, '../../../web/studio/dist')),
});
await app.listen({ port: config.http.port, host: config.http.host });
serveAsChild({
  registry: metrics.registry,
  stop: async () => {
    await app.close();
    await pictures.close();
    await bus.close();
    closeLimiter();
    await Promise.all([pool.end(), authPool.end()]);
  },
});
