import { createLog } from '#platform/log.ts';
import { type Config, ConfigError, loadEnvironment, readConfig } from '#platform/config.ts';
import { createMetrics } from '#platform/telemetry.ts';
import { buildStudio } from './supervisor/build-studio.ts';
import { type Child, type ChildPlan, keepRunning } from './supervisor/children.ts';
import { childEnvironment } from './supervisor/child-environment.ts';
import { type DatabaseUrls, migrateDatabase, runEmbeddedDatabase } from './supervisor/database.ts';
import { keepPort } from './supervisor/keep-port.ts';
import { serveMetrics } from './supervisor/metrics-server.ts';
import { lockDataDir, prepareDataDir, requireFreePort, StartError } from './supervisor/preflight.ts';
import { seedDemo } from './supervisor/seed-demo.ts';
import { stockSandbox } from './supervisor/stock-sandbox.ts';
import { printWelcome } from './supervisor/welcome.ts';

// `npm start`: the whole product on one machine. Embedded parts first, then every process as a child, stopped in reverse order.

/** How long a child may finish what it has begun. */

const undo: (() => Promise<void> | void)[] = [];
let stopping: Promise<void> | undefined;

function stop(): Promise<void> {
  stopping ??= (async () => {
    for (const step of undo.reverse()) await step();
  })();
  return stopping;
}

async function start(): Promise<void> {
  const environment = loadEnvironment();
  const config = readConfig(environment);
  const log = createLog({ level: config.logLevel === 'info' ? 'warn' : config.logLevel, process: 'start' });
  prepareDataDir(config.dataDir);
  undo.push(lockDataDir(config.dataDir));
  await requireFreePort(config.http.port, config.http.host, 'PORT');
  await requireFreePort(config.http.internalPort, config.http.internalHost, 'INTERNAL_PORT');

  console.log('Starting …');
  const [urls] = await Promise.all([openDatabase(config, log), buildStudio()]);
  const children: Child[] = [];
  const metrics = createMetrics('start');
  undo.push(
    await serveMetrics({
      host: config.http.internalHost,
      port: config.http.internalPort,
      children: () => children,
      own: metrics.registry,
    }),
  );
  undo.push(async () => {
    await Promise.all(children.map((child) => child.stop(config.worker.graceMs)));
  });
  const runsSandbox = config.payments.includes('sandbox') && config.sandboxPayments.url === null;
  const sandboxUrl = runsSandbox
    ? `http://127.0.0.1:${await keepPort(config.dataDir, 'sandbox-payments')}`
    : config.sandboxPayments.url;
  const env = childEnvironment(environment, config, urls, sandboxUrl);
  const plans: ChildPlan[] = [
    { name: 'api', entry: 'api.ts', env },
    { name: 'jobs', entry: 'jobs.ts', env },
    ...Array.from({ length: config.workers }, (_, at) => ({
      name: `worker-${at + 1}`,
      entry: 'worker.ts',
      args: [`worker-${at + 1}`],
      env,
    })),
    ...(runsSandbox ? [{ name: 'sandbox-payments', entry: 'sandbox-payments.ts', env }] : []),
  ];
  for (const plan of plans) children.push(keepRunning(plan, log));
  await children[0]?.ready;
  printWelcome(config, sandboxUrl);
  await Promise.all(children.map((child) => child.ready));
  if (runsSandbox) await stockSandbox(readConfig(env));
  if (config.demo)
    await seedDemo(config, env).catch((error: unknown) =>
      log.warn({ err: error }, 'the demo account could not be prepared'),
    );
}

async function openDatabase(config: Config, log: ReturnType<typeof createLog>): Promise<DatabaseUrls> {
  if (config.database === null) {
    const database = await runEmbeddedDatabase(config.dataDir, log);
    undo.push(database.stop);
    return database.urls;
  }
  const { app, owner, worker, admin, auth } = config.database;
  if (owner === null || worker === null || admin === null || auth === null) {
    throw new StartError(
      'DATABASE_URL is set, so DATABASE_OWNER_URL, DATABASE_WORKER_URL, DATABASE_ADMIN_URL and DATABASE_AUTH_URL are needed too: one login per role.',
    );
  }
  await migrateDatabase(owner, log);
  return { app, owner, worker, admin, auth };
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (!stopping) console.log('\nStopping …');
    void stop().then(() => process.exit(0));
  });
}

start().catch(async (error: unknown) => {
  const known = error instanceof StartError || error instanceof ConfigError;
  console.error(known ? error.message : error);
  await stop();
  process.exit(1);
});
