import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    invokeAi: { url: string; folder: string };
  }
}

const root = path.join(import.meta.dirname, '../../..');
const port = process.env['INVOKEAI_TEST_PORT'] ?? '9190';

/** A real InvokeAI on the CPU with tiny models, in a folder of its own (`INVOKEAI_TEST_ROOT`, else `.data/invokeai`) that later runs find ready. */
export default function setup(project: TestProject): () => void {
  const folder = process.env['INVOKEAI_TEST_ROOT'] ?? path.join(root, '.data/invokeai');
  startRealServer(folder);
  project.provide('invokeAi', { url: `http://127.0.0.1:${port}`, folder });
  return () => call(folder, 'stop');
}

/** Starts the server of a folder where none runs, and returns when it answers and has its models. */
export const startRealServer = (folder: string): void => call(folder, 'start');

/** Ends the server of a folder as the kernel does that needs its memory. */
export const killRealServer = (folder: string): void => {
  process.kill(Number(readFileSync(path.join(folder, 'server.pid'), 'utf8')), 'SIGKILL');
};

function call(folder: string, action: 'start' | 'stop'): void {
  const script = path.join(root, 'scripts/invokeai/setup.sh');
  execFileSync('bash', [script, folder, action], { stdio: 'inherit', env: { ...process.env, PORT: port } });
}
