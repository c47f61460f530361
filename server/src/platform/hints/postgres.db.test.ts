import { beforeAll, describe } from 'vitest';
import { createLog } from '#platform/log.ts';
import { cloneDatabase } from '#test/database.ts';
import { hintsContract } from './hints.contract.ts';
import { createPostgresHints } from './postgres.ts';

describe('PostgreSQL carries hints', () => {
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  beforeAll(async () => {
    database = await cloneDatabase();
    return () => database.close();
  });
  hintsContract(() =>
    createPostgresHints({
      db: database.app,
      connectionString: database.url('pingvas_app'),
      log: createLog({ level: 'silent', process: 'test' }),
    }),
  );
});
