import { syncVariants } from '#features/billing/index.ts';
import type { Config } from '#platform/config.ts';
import { createDatabase } from '#platform/db/database.ts';
import { openPool } from '#platform/db/pool.ts';
import { createLog } from '#platform/log.ts';
import { buildPayments } from '../build-payments.ts';

/** Finds what the sandbox sells, as `pingvas billing sync` does, so that a first start can take money at once. `config` is what the children are told. */
export async function stockSandbox(config: Config): Promise<void> {
  const sandbox = buildPayments({ ...config, payments: ['sandbox'] }).get('sandbox');
  const connectionString = config.database?.admin;
  if (!sandbox || connectionString == null) return;
  const pool = openPool({
    connectionString,
    max: 1,
    name: 'start',
    log: createLog({ level: 'warn', process: 'start' }),
  });
  try {
    await syncVariants(createDatabase(pool), sandbox);
  } finally {
    await pool.end();
  }
}
