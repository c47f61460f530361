import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Whether an error of the file system has this code, for instance `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Makes the names in a folder survive a power cut; the file's own sync does not cover its name. */
export async function syncDirectory(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file whole or not at all, durable before it returns: a paid picture must be on the disk before the database says it is.
 * The half-written file waits in `temporaryFolder`, which must be on the same file system, where a later start can clear it away.
 */
export async function writeFileWhole(file: string, bytes: Uint8Array, temporaryFolder: string): Promise<void> {
  const temporary = path.join(temporaryFolder, randomUUID());
  try {
    // `wx` refuses whatever stands there already, links included.
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(path.dirname(file));
}
