import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import pino, { type Logger } from 'pino';
import { createFileStorage } from '#adapters/storage/file.ts';
import type { Storage } from '#adapters/storage/index.ts';
import { createPictures } from '#adapters/pictures/sharp.ts';
import { createLedgerSigner } from '#features/credits/index.ts';
import type { EngineModel } from '#adapters/engine/port.ts';
import { createPostgresHints } from '#platform/hints/postgres.ts';
import type { HttpApp } from '#platform/http/route.ts';
import { createMemoryLimiter, type LimitRules, limitDefaults } from '#platform/limits.ts';
import { makeSigningKey } from '#platform/signing-key.ts';
import { createMetrics } from '#platform/telemetry.ts';
import { testPublicUrl, testSecret } from '#test/callers.ts';
import { test as base, type TestDatabase } from '#test/database.ts';
import { aModel } from '#test/factories.ts';
import { type ApiDeps, buildApi } from '../src/main/build-api.ts';

export * from '#test/callers.ts';
/** Signs ledgers in tests. */
export const testSigner = createLedgerSigner(makeSigningKey());
const silent = pino({ level: 'silent' });

export type TestApi = {
  app: HttpApp;
  storage: Storage;
  /** Sends a request to the host the API answers to. */
  call: (request: InjectOptions & { as?: { headers: Record<string, string> } }) => Promise<LightMyRequestResponse>;
  close: () => Promise<void>;
};

export type TestApiOptions = Partial<
  Pick<ApiDeps, 'bus' | 'clock' | 'metrics' | 'limiter' | 'payments' | 'watchPollMs' | 'streamCheckMs' | 'config'>
> & {
  log?: Logger;
  limits?: Partial<LimitRules>;
};

/** Limits that no test meets by accident; their defaults have a test of their own. */
const wideLimits = Object.fromEntries(
  Object.entries(limitDefaults).map(([name, rule]) => [name, { ...rule, calls: 1_000_000 }]),
) as LimitRules;

/** The whole API on a test database, called without a socket. */
export async function createTestApi(
  db: TestDatabase,
  { log = silent, limits, ...options }: TestApiOptions = {},
): Promise<TestApi> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pingvas-objects-'));
  const storage = createFileStorage({ root: folder });
  const pictures = createPictures();
  const app = await buildApi({
    config: {
      production: false,
      publicUrl: testPublicUrl,
      engines: ['fake'],
      http: { trustProxy: 1 },
      authSecret: testSecret,
    },
    version: '0.0.0-test',
    log,
    metrics: createMetrics('test'),
    db: db.app,
    connectionString: db.url('pingvas_app'),
    bus: createPostgresHints({ db: db.app, connectionString: db.url('pingvas_app'), log }),
    authDb: db.auth,
    storage,
    pictures,
    ledgerSigner: testSigner,
    limiter: createMemoryLimiter({ ...wideLimits, ...limits }),
    catalogueFreshMs: 0,
    ...options,
  });
  await app.ready();
  return {
    app,
    storage,
    call: ({ as, headers, ...request }) =>
      app.inject({ ...request, headers: { host: 'localhost:8000', ...as?.headers, ...headers } }),
    close: async () => {
      await app.close();
      await pictures.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `test` with a database and an API that all tests of one worker share. */
export const test = base.extend('api', { scope: 'worker' }, async ({ db }, { onCleanup }): Promise<TestApi> => {
  const api = await createTestApi(db);
  onCleanup(api.close);
  return api;
});

/** Capabilities of a small model with everything a request can name. */
export const testCapabilities: Omit<EngineModel, 'id' | 'name' | 'base' | 'loadMs' | 'imageMs'> = {
  modes: ['txt2img', 'img2img', 'inpaint'],
  sizes: {
    min: { width: 64, height: 64 },
    max: { width: 512, height: 512 },
    default: { width: 256, height: 256 },
    multipleOf: 64,
  },
  allowedSizes: [],
  steps: { min: 1, max: 50, default: 12 },
  guidance: { min: 1, max: 20, default: 4 },
  schedulers: ['euler', 'ddim'],
  styles: ['sketch'],
  languages: ['ko', 'en'],
  adapters: { lorasMax: 0, controls: [], referencesMax: 0 },
  licence: 'MIT',
};

/** A model of the catalogue that requests are checked against: 3 s an image at the defaults, so a job holds 6 credits without the API surcharge. */
export const aCatalogueModel = (db: TestDatabase): Promise<string> => aModel(db, { capabilities: testCapabilities });
