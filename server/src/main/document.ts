import { pino } from 'pino';
import type { Pictures } from '#adapters/pictures/port.ts';
import type { Storage } from '#adapters/storage/index.ts';
import type { LedgerSigner } from '#features/credits/index.ts';
import { createDatabase } from '#platform/db/database.ts';
import { openPool } from '#platform/db/pool.ts';
import { createPostgresHints } from '#platform/hints/postgres.ts';
import { createMetrics } from '#platform/telemetry.ts';
import { buildApi } from './build-api.ts';

/** Nothing answers here: the document is made of the routes alone. */
const nowhere = 'postgres://nobody@127.0.0.1:1/nothing';

/** The OpenAPI document as the API emits it, without a database or a socket. */
export async function openApiDocument(): Promise<string> {
  const log = pino({ level: 'silent' });
  const pool = openPool({ connectionString: nowhere, max: 1, name: 'document', log });
  const db = createDatabase(pool);
  const app = await buildApi({
    config: {
      production: true,
      publicUrl: 'http://localhost:8000',
      engines: [],
      http: { trustProxy: false },
      authSecret: 'the document contains no secret',
    },
    version: '1',
    log,
    metrics: createMetrics('document'),
    db,
    connectionString: nowhere,
    bus: createPostgresHints({ db, connectionString: nowhere, log }),
    authDb: db,
    storage: {} as Storage,
    pictures: {} as Pictures,
    ledgerSigner: {} as LedgerSigner,
  });
  await app.ready();
  const document = JSON.stringify(app.swagger(), null, 2);
  await app.close();
  await pool.end();
  return `${document}\n`;
}
