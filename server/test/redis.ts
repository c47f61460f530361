import { execFile, spawn } from 'node:child_process';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '#test/free-port.ts';

/** Whether a Redis server is installed here. */
export const hasRedis = (): Promise<boolean> =>
  promisify(execFile)('redis-server', ['--version']).then(
    () => true,
    () => false,
  );

/** Starts an empty Redis that keeps nothing, on a free port. */
export async function startRedis(): Promise<{ url: string; stop: () => Promise<void> }> {
  const port = await freePort();
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { stdio: 'ignore' },
  );
  const answers = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(Boolean(socket.destroy())));
      socket.on('error', () => resolve(false));
    });
  while (!(await answers())) await delay(20);
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    },
  };
}
