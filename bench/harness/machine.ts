import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Where it was measured. Figures of two machines are never compared, ratios with care. */
export function describeMachine(): Record<string, string | number> {
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memory_gib: Math.round(os.totalmem() / 2 ** 30),
    os: `${os.type()} ${os.release()}`,
    load_1m: Math.round((os.loadavg()[0] ?? 0) * 10) / 10,
  };
}

/** What was measured: our commit, Node, and the peers as installed. */
export function describeVersions(): Record<string, string> {
  const bench = path.join(import.meta.dirname, '..');
  const versions: Record<string, string> = { node: process.versions.node, commit: commitOf(bench) };
  for (const name of ['graphile-worker', 'pg-boss', 'bullmq', 'autocannon']) {
    const manifest = path.join(bench, 'node_modules', name, 'package.json');
    versions[name] = (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
  }
  return versions;
}

function commitOf(folder: string): string {
  try {
    return execFileSync('git', ['-C', folder, 'describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
