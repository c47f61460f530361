import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** A start that cannot succeed: its message says what to do, no stack is shown. */
export class StartError extends Error {}

/** Makes sure that the data folder can be used. Throws `StartError`. */
export function prepareDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    if (!statSync(dataDir).isDirectory()) throw new Error('not a folder');
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(
      `The data folder ${dataDir} cannot be used (${(error as Error).message}). Make it a folder this account may write, or set DATA_DIR to another one.`,
    );
  }
}

/** Throws `StartError` when something already listens on the port. */
export async function requireFreePort(port: number, host: string, variable: string): Promise<void> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is used by another program' : `cannot be opened (${error.message})`;
      reject(
        new StartError(
          `Port ${port} ${why}. Stop that program, or choose another port: ${variable}=${port + 10} npm start`,
        ),
      );
    });
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

/**
 * Takes the data folder for this process. Two starts on one folder would share a database that only one of them supervises.
 * A file left by a start that was killed is taken over. Returns the function that gives the folder back. Throws `StartError`.
 */
export function lockDataDir(dataDir: string): () => void {
  const file = path.join(dataDir, 'start.pid');
  if (existsSync(file)) {
    const pid = Number(readFileSync(file, 'utf8'));
    if (pid !== process.pid && isOurs(pid))
      throw new StartError(
        `This product already runs on ${dataDir} (process ${pid}). Stop it first, or set DATA_DIR and PORT for a second one.`,
      );
    rmSync(file, { force: true });
  }
  const handle = openSync(file, 'wx', 0o600);
  writeFileSync(handle, String(process.pid));
  closeSync(handle);
  return () => rmSync(file, { force: true });
}

/** Process numbers are used again: one that lives counts only when it is a start of this product (where the system can tell). */
function isOurs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return existsSync(commandLine) ? readFileSync(commandLine, 'utf8').includes('all.ts') : true;
}
