import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

test('the types of the database are those of its migrations', () => {
  const run = spawnSync(process.execPath, [path.join(import.meta.dirname, 'generate-db-types.ts'), '--check'], {
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
});
