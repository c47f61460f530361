import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { ownerRole, socketUrl, startEmbeddedPostgres } from '#platform/db/embedded.ts';
import { migrate } from '#platform/db/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    socketDir: string;
  }
}

export const templateDatabase = 'pingvas_template';

/** One server for the run, with durability off (tests of crashes start their own), and one migrated template that every worker clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pingvas-test-'));
  chmodSync(folder, 0o711);
  const server = await startEmbeddedPostgres({
    dataDir: path.join(folder, 'postgres'),
    settings: [
      'fsync=off',
      'synchronous_commit=off',
      'full_page_writes=off',
      'wal_level=minimal',
      'max_wal_senders=0',
      'max_connections=300',
    ],
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await createTemplate(server.socketDir);
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('socketDir', server.socketDir);
  return stop;
}

async function createTemplate(socketDir: string): Promise<void> {
  const admin = new pg.Client({ connectionString: socketUrl(socketDir, ownerRole, 'postgres') });
  await admin.connect();
  await admin.query(`create database ${templateDatabase}`);
  await admin.end();
  const url = socketUrl(socketDir, ownerRole, templateDatabase);
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  try {
    await migrate(owner, url);
  } finally {
    await owner.end();
  }
}
