import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { ownerRole, socketUrl, startEmbeddedPostgres, type EmbeddedPostgres } from '#platform/db/embedded.ts';
import { migrate } from '#platform/db/migrate.ts';

/** One connection string per role, as the processes get them. */
export type DatabaseUrls = { owner: string; app: string; worker: string; admin: string; auth: string };

export type EmbeddedDatabase = { urls: DatabaseUrls; stop: () => Promise<void> };

const databaseName = 'pingvas';

/** The connection strings of the embedded server. */
export const embeddedUrls = (socketDir: string): DatabaseUrls => ({
  owner: socketUrl(socketDir, ownerRole, databaseName),
  app: socketUrl(socketDir, 'pingvas_app', databaseName),
  worker: socketUrl(socketDir, 'pingvas_worker', databaseName),
  admin: socketUrl(socketDir, 'pingvas_admin', databaseName),
  auth: socketUrl(socketDir, 'pingvas_auth', databaseName),
});

/** Starts the embedded database, makes ours in it when missing, migrates, and starts the server again whenever it dies. */
export async function runEmbeddedDatabase(dataDir: string, log: Logger): Promise<EmbeddedDatabase> {
  const folder = path.join(dataDir, 'postgres');
  let server = await startEmbeddedPostgres({ dataDir: folder });
  let stopping = false;
  const watch = (current: EmbeddedPostgres): void => {
    void current.exited.then(async () => {
      for (let attempt = 1; !stopping; attempt += 1) {
        log.error({ attempt }, 'the database ended; starting it again (requests are answered 503 until it is back)');
        try {
          server = await startEmbeddedPostgres({ dataDir: folder });
          log.info('the database is back');
          watch(server);
          return;
        } catch (error) {
          // After a kill the old server's children may live for a second or two and hold the folder.
          log.warn({ err: error }, 'the database could not be started yet');
          await delay(Math.min(500 * attempt, 5_000));
        }
      }
    });
  };
  watch(server);
  await createDatabase(socketUrl(server.socketDir, ownerRole, 'postgres'));
  const urls = embeddedUrls(server.socketDir);
  await migrateDatabase(urls.owner, log);
  return {
    urls,
    stop: async () => {
      stopping = true;
      await server.stop();
    },
  };
}

/** Brings the schema to this version. */
export async function migrateDatabase(ownerUrl: string, log: Pick<Logger, 'info'>): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const report = await migrate(client, ownerUrl);
    if (report.migrations.length + report.functions.length > 0) log.info(report, 'database brought to this version');
  } finally {
    await client.end();
  }
}

/** Makes our database on the embedded server when it has none. */
export async function createDatabase(serverUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_catalog.pg_database where datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}
