import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { test as base, inject } from 'vitest';
import { ownerRole, socketUrl } from '#platform/db/embedded.ts';
import { createDatabase, type Database } from '#platform/db/database.ts';
import { openPool } from '#platform/db/pool.ts';

/** One database of the test worker, with a pool for every role; `owner` is a superuser and sees everything. */
export type TestDatabase = {
  owner: Database;
  app: Database;
  worker: Database;
  admin: Database;
  auth: Database;
  /** Connection string of a role, for what opens connections of its own. */
  url: (role: string) => string;
};

const quiet = { warn: () => undefined };

/** A fresh clone of the migrated template. Call `close` when done. */
export async function cloneDatabase(): Promise<TestDatabase & { close: () => Promise<void> }> {
  const socketDir = inject('socketDir');
  const name = `w_${process.pid}_${randomUUID().slice(0, 8)}`;
  const server = new pg.Client({ connectionString: socketUrl(socketDir, ownerRole, 'postgres') });
  await server.connect();
  await server.query(`create database ${name} template pingvas_template strategy file_copy`);
  const url = (role: string): string => socketUrl(socketDir, role, name);
  const open = (role: string): Database =>
    createDatabase(openPool({ connectionString: url(role), max: 10, name: role, log: quiet }));
  const databases = {
    owner: open(ownerRole),
    app: open('pingvas_app'),
    worker: open('pingvas_worker'),
    admin: open('pingvas_admin'),
    auth: open('pingvas_auth'),
  };
  return {
    ...databases,
    url,
    close: async () => {
      await Promise.all(Object.values(databases).map((database) => database.pool.end()));
      await server.query(`drop database ${name} with (force)`);
      await server.end();
    },
  };
}

/** `test` with a real database that all tests of one worker share: each test makes its own workspace. */
export const test = base.extend('db', { scope: 'worker' }, async ({}, { onCleanup }): Promise<TestDatabase> => {
  const database = await cloneDatabase();
  onCleanup(database.close);
  return database;
});
