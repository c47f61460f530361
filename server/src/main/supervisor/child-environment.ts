import type { Config } from '#platform/config.ts';
import { makeSigningKey } from '#platform/signing-key.ts';
import type { DatabaseUrls } from './database.ts';
import { keepSecret } from './secrets.ts';

/** What children are told: the environment, with every embedded part's address and every generated secret filled in. */
export function childEnvironment(
  environment: NodeJS.ProcessEnv,
  config: Config,
  urls: DatabaseUrls,
  sandboxUrl: string | null,
): NodeJS.ProcessEnv {
  return {
    ...environment,
    DATA_DIR: config.dataDir,
    // On a laptop the console is for people: only what needs attention. Production logs every request.
    LOG_LEVEL: environment['LOG_LEVEL'] || (config.production ? 'info' : 'warn'),
    DATABASE_URL: urls.app,
    DATABASE_WORKER_URL: urls.worker,
    DATABASE_ADMIN_URL: urls.admin,
    DATABASE_AUTH_URL: urls.auth,
    AUTH_SECRET: config.authSecret ?? keepSecret(config.dataDir, 'auth'),
    LEDGER_SIGNING_KEY: config.ledgerSigningKey ?? keepSecret(config.dataDir, 'ledger-signing-key', makeSigningKey),
    ...(sandboxUrl !== null && {
      SANDBOX_PAYMENTS_URL: sandboxUrl,
      SANDBOX_PAYMENTS_SECRET: config.sandboxPayments.secret ?? keepSecret(config.dataDir, 'sandbox-payments'),
    }),
  };
}
