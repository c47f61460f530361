import { createMailbox } from '#adapters/mail/mailbox.ts';
import { accountsChores, accountsSchedule, createAccounts } from '#features/accounts/index.ts';
import {
  billingChores,
  billingSchedule,
  createBillingMetrics,
  sendPlanChanges,
  settleDue,
} from '#features/billing/index.ts';
import { createLedgerSigner, creditsChores, creditsSchedule, sealAllLedgers } from '#features/credits/index.ts';
import { departuresChores, departuresSchedule } from '#features/departures/index.ts';
import {
  addEstimateMetrics,
  addQueueMetrics,
  createJobHints,
  generationsChores,
  generationsSchedule,
  sweepJobs,
} from '#features/generations/index.ts';
import { libraryChores, librarySchedule } from '#features/library/index.ts';
import { workspacesChores } from '#features/workspaces/index.ts';
import { serveAsChild } from '#platform/child.ts';
import { systemClock } from '#platform/clock.ts';
import { loadEnvironment, readConfig } from '#platform/config.ts';
import { createDatabase } from '#platform/db/database.ts';
import { openPool } from '#platform/db/pool.ts';
import { runChores } from '#platform/jobs/chores.ts';
import { every } from '#platform/jobs/every.ts';
import { drainOutbox } from '#platform/jobs/outbox.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/telemetry.ts';
import { buildHints } from './build-hints.ts';
import { buildPayments } from './build-payments.ts';
import { buildStorage } from './build-storage.ts';

// The chores: what was caused elsewhere (outbox), what the clock asks for, and the sweeps that make crashes harmless.

const config = readConfig(loadEnvironment());
const log = createLog({ level: config.logLevel, process: 'jobs' });
const metrics = createMetrics('jobs');
if (config.database?.auth == null || config.authSecret === null || config.ledgerSigningKey === null)
  throw new Error('DATABASE_URL, DATABASE_AUTH_URL, AUTH_SECRET and LEDGER_SIGNING_KEY must be set.');
const pool = openPool({ connectionString: config.database.app, max: 8, name: 'jobs', log, queryTimeoutMs: 120_000 });
const authPool = openPool({ connectionString: config.database.auth, max: 2, name: 'jobs auth', log });
metrics.watchPool('jobs', pool);
const db = createDatabase(pool);
const accounts = createAccounts({
  db,
  authDb: createDatabase(authPool),
  publicUrl: config.publicUrl,
  secret: config.authSecret,
  log,
});
const bus = buildHints(config, { db, connectionString: config.database.app, log });
const hints = createJobHints(bus, log);
addQueueMetrics(metrics, db);
addEstimateMetrics(metrics, db);

const billing = { db, payments: buildPayments(config), clock: systemClock };
const billingMetrics = createBillingMetrics(metrics, log);

const loops = [
  drainOutbox(db, log, 100),
  every(1_000, log, 'sweep queue', () => sweepJobs({ db, hints })),
  every(10_000, log, 'expire credits', async () => {
    await pool.query('select public.ledger_expire_due(500)');
  }),
  every(10_000, log, 'settle billing', () => settleDue(billing)),
  every(10_000, log, 'send changes of plan', () =>
    sendPlanChanges({ ...billing, log, onFailed: billingMetrics.onPlanChangeFailed }),
  ),
  every(2_000, log, 'seal ledgers', async () => {
    const onError = (workspaceId: string, error: unknown): void =>
      log.error({ err: error, workspace: workspaceId }, 'a ledger could not be sealed');
    await sealAllLedgers({ db, onError });
  }),
];
const runner = await runChores({
  pool,
  chores: {
    ...accountsChores({ ...accounts, mail: createMailbox(db) }),
    ...workspacesChores({ ...accounts, mail: createMailbox(db) }),
    ...departuresChores({ ...accounts, ...billing }),
    ...billingChores({ ...billing, onReconciled: billingMetrics.onReconciled }),
    ...creditsChores({ db, signer: createLedgerSigner(config.ledgerSigningKey) }),
    ...generationsChores({ db }),
    ...libraryChores({ db, storage: buildStorage(config.storage), log, clock: systemClock, metrics }),
    sweep_idempotency: async () => void (await pool.query('select public.sweep_idempotency()')),
  },
  schedule: [
    ...accountsSchedule,
    ...billingSchedule,
    ...creditsSchedule,
    ...departuresSchedule,
    ...generationsSchedule,
    ...librarySchedule,
    { task: 'sweep_idempotency', when: '23 * * * *' },
  ],
  log,
  concurrency: 4,
});

serveAsChild({
  registry: metrics.registry,
  stop: async () => {
    await Promise.all(loops.map((loop) => loop.stop()));
    await runner.stop();
    await hints.flush();
    await bus.close();
    await Promise.all([pool.end(), authPool.end()]);
  },
});
