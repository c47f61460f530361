/** Walking to a file below a root without ever following a link. */
import { constants, type Stats } from 'node:fs';
import { lstat, mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { hasCode, syncDirectory } from './file-sync.ts';

/** Something stands where one of our folders or files should be: a link, a device. Somebody else has been in the store. */
export class StorageForeignEntryError extends Error {
  constructor() {
    super('Storage refused: a link or special file stands where a folder or file of the store should be.');
    this.name = 'StorageForeignEntryError';
  }
}

/**
 * Checks folder by folder that the way from `root` down to `folder` is made of real folders.
 * Returns false when a part is missing; with `create` missing parts are made and made durable.
 * Node has no `openat`, so a writer who already has our rights could still swap a folder in between; that writer could read the target anyway.
 * @throws StorageForeignEntryError
 */
export async function walkFolders(root: string, folder: string, options: { create: boolean }): Promise<boolean> {
  let at = root;
  for (const part of folder.split('/')) {
    const parent = at;
    at = path.join(at, part);
    const found = await statOf(at);
    if (found?.isDirectory() === true) continue;
    if (found !== undefined) throw new StorageForeignEntryError();
    if (!options.create) return false;
    await mkdir(at, { mode: 0o700 }).catch((error: unknown) => {
      // Another writer made it first: only its kind matters, and the next round of the walk or the open below checks that.
      if (!hasCode(error, 'EEXIST')) throw error;
    });
    if ((await lstat(at)).isDirectory()) await syncDirectory(parent);
    else throw new StorageForeignEntryError();
  }
  return true;
}

/**
 * Opens a regular file for reading, or undefined when there is none.
 * `O_NOFOLLOW` refuses a link, `O_NONBLOCK` keeps a named pipe from blocking us for ever.
 * @throws StorageForeignEntryError
 */
export async function openRegular(file: string): Promise<{ handle: FileHandle; stat: Stats } | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    if (hasCode(error, 'ELOOP') || hasCode(error, 'EMLINK') || hasCode(error, 'ENXIO')) {
      throw new StorageForeignEntryError();
    }
    throw error;
  }
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new StorageForeignEntryError();
    return { handle, stat };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** What stands at a path, the link itself for a link; undefined when nothing does. */
export async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
