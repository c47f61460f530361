import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { listFamily } from './processes.ts';

const root = path.join(import.meta.dirname, '..');

/** The whole product, started as a newcomer starts it, on free ports and an empty data folder. */
export type Product = {
  url: string;
  metricsUrl: string;
  /** The process that was started; the others are its children. */
  pid: number;
  dataDir: string;
  /** Everything it printed so far, for failures. */
  output: () => string;
  /** The operator's command; resolves to its JSON answer. */
  pingvas: (...args: string[]) => Promise<any>;
  /** Processes of this product whose command line contains the word. */
  processes: (word: string) => Promise<number[]>;
  /** Sends the signal (SIGINT, as Ctrl-C does), waits for the end and resolves to the exit code. Removes the folder that was made here. */
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
};

type Started = { child: ChildProcess; env: NodeJS.ProcessEnv; output: () => string; ended: Promise<number | null> };

function spawnProduct(settings: Record<string, string>): Started {
  const env = { ...process.env, NODE_ENV: '', DEMO: 'false', LOG_LEVEL: 'warn', ...settings };
  const child = spawn(process.execPath, ['server/src/main/all.ts'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, env, output: () => lines.join(''), ended };
}

/** Runs a start that is expected to be refused. Resolves to its exit code and what it printed. */
export async function startRefused(settings: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const { ended, output } = spawnProduct(settings);
  return { code: await ended, output: output() };
}

/** Starts the product and waits until it is healthy. `dataDir` continues an earlier one; else a new folder that `stop` removes. */
export async function startProduct(settings: Record<string, string> = {}, dataDir?: string): Promise<Product> {
  const folder = dataDir ?? mkdtempSync(path.join(os.tmpdir(), 'pingvas-e2e-'));
  const [port, internalPort] = [await freePort(), await freePort()];
  const { child, env, output, ended } = spawnProduct({
    PORT: String(port),
    INTERNAL_PORT: String(internalPort),
    DATA_DIR: folder,
    ...settings,
  });
  const stop = async (signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> => {
    child.kill(signal);
    const code = await ended;
    if (dataDir === undefined) rmSync(folder, { recursive: true, force: true });
    return code;
  };
  const url = `http://localhost:${port}`;
  try {
    await healthy(url, child, output);
  } catch (error) {
    await stop();
    throw error;
  }
  const pid = child.pid ?? 0;
  return {
    url,
    metricsUrl: `http://127.0.0.1:${internalPort}/metrics`,
    pid,
    dataDir: folder,
    output,
    pingvas: async (...args) => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['server/src/main/pingvas.ts', ...args, '--json'],
        { cwd: root, env },
      );
      return JSON.parse(stdout);
    },
    processes: async (word) =>
      (await listFamily(pid)).filter(({ command }) => command.includes(word)).map((member) => member.pid),
    stop,
  };
}

async function healthy(url: string, child: ChildProcess, output: () => string): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += 100) {
    if (child.exitCode !== null) throw new Error(`The product ended with code ${child.exitCode}:\n${output()}`);
    if (waitedMs > 120_000) throw new Error(`The product was not healthy within two minutes:\n${output()}`);
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok && ((await answer.json()) as { checks: { engine: string } }).checks.engine === 'ok') return;
    await delay(100);
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Looks again until `look` finds something; for states that other processes reach. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>, limitMs = 60_000): Promise<T> {
  for (const startedAt = Date.now(); ;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() - startedAt > limitMs) throw new Error(`Not within ${limitMs} ms: ${what}`);
    await delay(50);
  }
}
