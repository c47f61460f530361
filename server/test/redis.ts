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

/**
 * Starts an empty Redis on a free port. It keeps nothing; with `aofFolder` it appends every write to a file there and waits for the disk before it
 * answers, the only setting with the promise of a commit.
 */
export async function startRedis({ aofFolder }: { aofFolder?: string } = {}): Promise<{
  url: string;
  stop: () => Promise<void>;
}> {
  const port = await freePort();
  const durability =
    aofFolder === undefined
      ? ['--appendonly', 'no']
      : ['--dir', aofFolder, '--appendonly', 'yes', '--appendfsync', 'always'];
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', ...durability], {
    stdio: 'ignore',
  });
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
