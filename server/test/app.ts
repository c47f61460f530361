import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Plan } from '@pingvas/domain';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import pino, { type Logger } from 'pino';
import { createFileStorage } from '#adapters/storage/file.ts';
import type { Storage } from '#adapters/storage/index.ts';
import { createPictures } from '#adapters/pictures/sharp.ts';
import { makeApiKey } from '#features/accounts/api-key-secret.ts';
import { sessionCookieName } from '#features/accounts/auth.ts';
import { createAccounts } from '#features/accounts/index.ts';
import { signCookie } from '#features/accounts/session-cookie.ts';
import { createLedgerSigner } from '#features/credits/index.ts';
import type { EngineModel } from '#adapters/engine/port.ts';
import { createPostgresHints } from '#platform/hints/postgres.ts';
import type { HttpApp } from '#platform/http/route.ts';
import { createMemoryLimiter, type LimitRules, limitDefaults } from '#platform/limits.ts';
import { newId } from '#platform/new-id.ts';
import { makeSigningKey } from '#platform/signing-key.ts';
import { createMetrics } from '#platform/telemetry.ts';
import { test as base, type TestDatabase } from '#test/database.ts';
import { aModel } from '#test/factories.ts';
import { type ApiDeps, buildApi } from '../src/main/build-api.ts';

export const testPublicUrl = 'http://localhost:8000';
export const testSecret = 'test-secret-test-secret-test-secret';
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
  Pick<ApiDeps, 'bus' | 'clock' | 'metrics' | 'limiter' | 'watchPollMs' | 'streamCheckMs' | 'config'>
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

/** Somebody who can call: headers to send, and what they stand for. */
export type Caller = {
  headers: Record<string, string>;
  userId: string;
  workspaceId: string;
  email: string;
  plan: Plan;
};

export type PersonOptions = {
  plan?: Plan;
  /** Milli-credits of a purchase that never expires. */
  credits?: number;
  verified?: boolean;
};

/** A person with a personal workspace, not signed in. */
export async function aPerson(
  db: TestDatabase,
  { plan = 'pro', credits = 1_000_000, verified = true }: PersonOptions = {},
): Promise<Caller> {
  const userId = newId();
  const email = `${randomUUID()}@example.test`;
  await db.owner.pool.query(
    `insert into auth."user" (id, name, email, email_verified, locale) values ($1, 'Test', $2, $3, 'en')`,
    [userId, email, verified],
  );
  const { rows } = await db.owner.pool.query<{ workspace_id: string }>(
    "update public.workspace set plan = $2 where owner_user_id = $1 and kind = 'personal' returning workspace_id",
    [userId, plan],
  );
  const workspaceId = rows[0]!.workspace_id;
  if (credits > 0) {
    await db.owner.pool.query("select public.ledger_grant($1, 'purchase', $2, $3, 'test', now(), null, null, now())", [
      workspaceId,
      credits,
      `test:${workspaceId}`,
    ]);
  }
  return { headers: {}, userId, workspaceId, email, plan };
}

export type KeyOptions = PersonOptions & { scopes?: string[]; budget?: number | null; of?: Caller };

/** A person calling with an API key. */
export async function aKeyCaller(
  db: TestDatabase,
  { scopes = ['read', 'generate'], budget = null, of, ...person }: KeyOptions = {},
): Promise<Caller & { keyId: string; secret: string }> {
  const owner = of ?? (await aPerson(db, person));
  const { secret, hash, prefix } = makeApiKey();
  const keyId = newId();
  await db.owner.pool.query(
    `insert into public.api_key (key_id, workspace_id, created_by, name, hash, prefix, scopes, monthly_credit_budget)
     values ($1, $2, $3, 'test', $4, $5, $6, $7)`,
    [keyId, owner.workspaceId, owner.userId, hash, prefix, scopes, budget],
  );
  return { ...owner, headers: { authorization: `Bearer ${secret}` }, keyId, secret };
}

/** A person calling with the session cookie, from a page of ours. */
export async function aSessionCaller(
  db: TestDatabase,
  { of, ...person }: PersonOptions & { of?: Caller } = {},
): Promise<Caller & { sessionToken: string }> {
  const owner = of ?? (await aPerson(db, person));
  const sessionToken = randomBytes(24).toString('base64url');
  await db.owner.pool.query(
    `insert into auth.session (id, token, user_id, expires_at, updated_at) values ($1, $2, $3, now() + interval '1 day', now())`,
    [newId(), sessionToken, owner.userId],
  );
  const cookie = `${sessionCookieName(testPublicUrl)}=${encodeURIComponent(signCookie(sessionToken, testSecret))}`;
  return { ...owner, headers: { cookie, origin: testPublicUrl }, sessionToken };
}

/** A person calling with an access token. */
export async function aJwtCaller(
  db: TestDatabase,
  { of, ...person }: PersonOptions & { of?: Caller } = {},
): Promise<Caller & { familyId: string }> {
  const owner = of ?? (await aPerson(db, person));
  const familyId = newId();
  await db.owner.pool.query(
    `insert into auth.refresh_family (family_id, user_id, expires_at) values ($1, $2, now() + interval '1 day')`,
    [familyId, owner.userId],
  );
  const { accessTokens } = createAccounts({
    db: db.app,
    authDb: db.auth,
    publicUrl: testPublicUrl,
    secret: testSecret,
    log: silent,
  });
  const token = await accessTokens.sign({ userId: owner.userId, familyId, epoch: 0 });
  return { ...owner, headers: { authorization: `Bearer ${token}` }, familyId };
}

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
