import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { createDatabase } from '#platform/db/database.ts';
import { type EmbeddedPostgres, ownerRole, socketUrl, startEmbeddedPostgres } from '#platform/db/embedded.ts';
import { migrate } from '#platform/db/migrate.ts';
import { openPool } from '#platform/db/pool.ts';
import { makeSigningKey } from '#platform/signing-key.ts';
import { childrenOf } from '#test/children-of.ts';
import { testPublicUrl, testSecret } from '#test/callers.ts';
import type { TestDatabase } from '#test/database.ts';
import { freePort } from '#test/free-port.ts';

/** A PostgreSQL of its own that keeps its promises (fsync on), and the product's processes around it, as in production. */
export type Installation = {
  folder: string;
  objects: string;
  /** Pools of this process, one for each role. They outlive crashes of the server. */
  db: TestDatabase;
  /** The server's socket. */
  socket: string;
  /** Kills the server and all its children (SIGKILL). */
  killDatabase: () => Promise<void>;
  /** Starts it again and returns when it answers. */
  startDatabase: () => Promise<void>;
  /** Starts `main/api.ts`; `reach` says how the processes reach the database (default: its socket). */
  startApi: (reach?: Reach) => Promise<ApiProcess>;
  /** Starts `main/jobs.ts` or `main/worker.ts` (engine `fake`). */
  startProcess: (entry: 'jobs' | 'worker', options?: { args?: string[]; reach?: Reach }) => Promise<Process>;
  close: () => Promise<void>;
};

/** The connection string of a role. */
export type Reach = (role: string) => string;
export type Process = { child: ChildProcess; kill: () => Promise<void>; stop: () => Promise<void> };
export type ApiProcess = Process & { port: number; call: (request: Call) => Promise<Answer> };
export type Call = { method?: string; path: string; headers?: Record<string, string>; body?: unknown };
/** `status` 0: no answer, the connection ended. */
export type Answer = { status: number; body: unknown; headers: http.IncomingHttpHeaders };

const name = 'pingvas';
const quiet = { warn: () => undefined };
const main = path.join(import.meta.dirname, '../src/main');

/** How to reach the database by a port of this machine: the proxy's. */
export const byPort =
  (port: number): Reach =>
  (role) =>
    `postgres://${role}@127.0.0.1:${port}/${name}`;

export type InstallationOptions = {
  settings?: string[];
  /** Where the cluster lies (default: in the installation's folder). */
  cluster?: string;
  /** Where the objects lie. */
  objects?: string;
  /** More variables for its processes. */
  env?: Record<string, string>;
};

/** Makes an installation with an empty, migrated database. Call `close` when done. */
export async function anInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pingvas-installation-'));
  chmodSync(folder, 0o711);
  const cluster = options.cluster ?? path.join(folder, 'postgres');
  const settings = ['max_connections=200', ...(options.settings ?? [])];
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir: cluster, settings });
  const { socketDir } = server;
  const ownReach: Reach = (role) => socketUrl(socketDir, role, name);
  await createSchema(socketDir, ownReach(ownerRole));
  const open = (role: string) =>
    createDatabase(openPool({ connectionString: ownReach(role), max: 10, name: role, log: quiet }));
  const db: TestDatabase = {
    owner: open(ownerRole),
    app: open('pingvas_app'),
    worker: open('pingvas_worker'),
    admin: open('pingvas_admin'),
    auth: open('pingvas_auth'),
    url: ownReach,
  };
  const objects = options.objects ?? path.join(folder, 'objects');
  mkdirSync(objects, { recursive: true });
  const running = new Set<Process>();
  const signingKey = makeSigningKey();

  const start = async (entry: string, args: string[], reach: Reach, env: Record<string, string>): Promise<Process> => {
    const child = fork(path.join(main, `${entry}.ts`), args, {
      cwd: objects,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        ENGINE: 'fake',
        MODELS_AUTO: 'true',
        PAYMENTS: 'none',
        PUBLIC_URL: testPublicUrl,
        AUTH_SECRET: testSecret,
        LEDGER_SIGNING_KEY: signingKey,
        DATABASE_URL: reach('pingvas_app'),
        DATABASE_WORKER_URL: reach('pingvas_worker'),
        DATABASE_ADMIN_URL: reach('pingvas_admin'),
        DATABASE_AUTH_URL: reach('pingvas_auth'),
        STORAGE_URL: `file:${objects}`,
        ...options.env,
        ...env,
      },
    });
    const gone = once(child, 'exit');
    const end = (signal: NodeJS.Signals) => async () => {
      running.delete(process);
      child.kill(signal);
      await gone;
    };
    const process: Process = { child, kill: end('SIGKILL'), stop: end('SIGTERM') };
    running.add(process);
    const [first] = (await Promise.race([once(child, 'message'), gone])) as unknown[];
    if (first !== 'ready') throw new Error(`${entry} ended with ${String(first)}`);
    return process;
  };

  return {
    folder,
    objects,
    db,
    socket: path.join(socketDir, '.s.PGSQL.5432'),
    killDatabase: async () => {
      for (const pid of [server.pid, ...childrenOf(server.pid)]) tryKill(pid);
      await server.exited;
    },
    startDatabase: async () => {
      // The dead server's children may still be dying: it refuses to start until they are gone.
      for (;;) {
        try {
          server = await startEmbeddedPostgres({ dataDir: cluster, settings });
          return;
        } catch {
          await delay(100);
        }
      }
    },
    startApi: async (reach = ownReach) => {
      const port = await freePort();
      const process = await start('api', [], reach, { PORT: String(port) });
      const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
      return { ...process, port, call: (request) => send(agent, port, request) };
    },
    startProcess: (entry, { args = [], reach = ownReach } = {}) => start(entry, args, reach, {}),
    close: async () => {
      await Promise.all([...running].map((process) => process.kill()));
      await Promise.all([db.owner, db.app, db.worker, db.admin, db.auth].map(({ pool }) => pool.end()));
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function createSchema(socketDir: string, url: string): Promise<void> {
  const admin = new pg.Client({ connectionString: socketUrl(socketDir, ownerRole, 'postgres') });
  await admin.connect();
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [name]);
  if (rowCount === 0) await admin.query(`create database ${name}`);
  await admin.end();
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await migrate(owner, url);
  await owner.end();
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function send(agent: http.Agent, port: number, { method = 'POST', path: at, headers, body }: Call): Promise<Answer> {
  return new Promise((resolve) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const request = http.request(
      {
        agent,
        port,
        host: '127.0.0.1',
        method,
        path: at,
        headers: {
          host: 'localhost:8000',
          ...headers,
          ...(payload !== undefined && {
            'content-type': 'application/json',
            'content-length': String(Buffer.byteLength(payload)),
          }),
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', () => resolve({ status: 0, body: undefined, headers: {} }));
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          const isJson = String(response.headers['content-type']).includes('json');
          resolve({
            status: response.statusCode ?? 0,
            body: isJson && text !== '' ? JSON.parse(text) : text,
            headers: response.headers,
          });
        });
      },
    );
    request.on('error', () => resolve({ status: 0, body: undefined, headers: {} }));
    request.end(payload);
  });
}
