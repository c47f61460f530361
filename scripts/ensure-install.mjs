// Installs the packages when, and only when, the lockfile or the platform has changed since the last time.
// Runs before every npm script that needs packages, on whatever Node the machine has (>= 18), so it depends on nothing.
// With the name of a folder that is no workspace (`bench`) it does the same there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), process.argv[2] ?? '.');
// The stamp lives inside node_modules: deleting that folder, or `npm ci` by hand, voids it.
const stampFile = path.join(root, 'node_modules', '.install-stamp');
const wanted = createHash('sha256')
  .update(readFileSync(path.join(root, 'package-lock.json')))
  .update(`${process.platform} ${process.arch}`)
  .digest('hex');

if ((existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '') !== wanted) {
  console.log(`Installing packages${process.argv[2] ? ` of ${process.argv[2]}` : ''} (once; about a minute) …`);
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath; // the npm that runs this script, so that both speak the same lockfile
  const run = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) {
    console.error(
      'The packages could not be installed. Check the network and free disk space (about 1.2 GB), then run the command again.',
    );
    process.exit(run.status ?? 1);
  }
  writeFileSync(stampFile, wanted);
}
