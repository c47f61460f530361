import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartError } from './preflight.ts';

const root = path.join(import.meta.dirname, '../../../..');

/** Builds the web app when its sources differ from those of the last build. Throws `StartError` with the build's own words. */
export async function buildStudio(): Promise<void> {
  const studio = path.join(root, 'web/studio');
  const stamp = path.join(studio, 'dist/.built-from');
  const wanted = fingerprint([studio, path.join(root, 'web/shared')]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const output: string[] = [];
  const child = spawn(
    process.execPath,
    [path.join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    { cwd: studio, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new StartError(`The web app could not be built:\n${output.join('')}`);
  writeFileSync(stamp, wanted);
}

/** Of the app and of what it shares with other web apps. */
function fingerprint(folders: string[]): string {
  const files = folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !/[/\\](dist|node_modules)[/\\]/.test(file))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
