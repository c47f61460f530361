// Writes the database's types for Kysely from a freshly migrated database. With --check: exits 1 when the committed file is stale.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { ownerRole, socketUrl, startEmbeddedPostgres } from '../server/src/platform/db/embedded.ts';
import { migrate } from '../server/src/platform/db/migrate.ts';

const root = path.join(import.meta.dirname, '..');
const target = path.join(root, 'server/src/platform/db/schema.gen.ts');
const folder = mkdtempSync(path.join(os.tmpdir(), 'pingvas-types-'));
chmodSync(folder, 0o711);
const fresh = path.join(folder, 'schema.gen.ts');
const server = await startEmbeddedPostgres({ dataDir: path.join(folder, 'postgres'), settings: ['fsync=off'] });
try {
  const url = socketUrl(server.socketDir, ownerRole, 'postgres');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(client, url);
  await client.end();
  const run = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules/kysely-codegen/dist/cli/bin.js'),
      ...['--dialect', 'postgres', '--url', url, '--out-file', fresh],
      ...[
        '--default-schema',
        'public',
        '--exclude-pattern',
        '(graphile_worker|meta).*',
        '--type-mapping',
        '{"int8":"number"}',
      ],
    ],
    { encoding: 'utf8', cwd: root },
  );
  if (run.status !== 0) throw new Error(run.stderr || run.stdout);
} finally {
  await server.stop();
}
const text = readFileSync(fresh, 'utf8');
rmSync(folder, { recursive: true, force: true });
if (process.argv.includes('--check')) {
  if (text !== readFileSync(target, 'utf8')) {
    console.error('schema.gen.ts is stale: run `npm run types:db` and commit it.');
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
