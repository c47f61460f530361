/** Storage in a folder of this machine. */
import { randomUUID } from 'node:crypto';
import { mkdir, opendir, readdir, realpath, rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import { assertStorageKey, assertStoragePrefix, isStorageKey, isStoragePrefix } from './assert-storage-key.ts';
import { openRegular, statOf, StorageForeignEntryError, walkFolders } from './file-paths.ts';
import { hasCode, writeFileWhole } from './file-sync.ts';
import type { Storage, StoredObject } from './port.ts';

/** Half-written files older than this belong to a process that died: no write of ours takes an hour. */
const LEFTOVER_AGE_MS = 3_600_000;
const TEMPORARY = '.tmp';

type Listed = { key: string } & StoredObject;

/**
 * Stores each object as the file `root/<key>`. `root` is made when missing and may itself be a link; below it no link is ever followed.
 * The content type is not kept: it follows from the key.
 */
export function createFileStorage(options: { root: string }): Storage {
  let prepared: Promise<string> | undefined;
  // Prepared on first use and again after a failure, so that a folder that comes back is found without a restart.
  const rootPath = () =>
    (prepared ??= prepareRoot(options.root).catch((error: unknown) => {
      prepared = undefined;
      throw error;
    }));

  /** The path of a key whose folders are real ones, or undefined when one is missing. */
  const find = async (key: string): Promise<string | undefined> => {
    assertStorageKey(key);
    const root = await rootPath();
    return (await walkFolders(root, path.posix.dirname(key), { create: false })) ? path.join(root, key) : undefined;
  };
  const openKey = async (key: string) => {
    const file = await find(key);
    return file === undefined ? undefined : openRegular(file);
  };

  const storage: Storage = {
    async put(key, bytes) {
      assertStorageKey(key);
      const root = await rootPath();
      await walkFolders(root, path.posix.dirname(key), { create: true });
      await writeFileWhole(path.join(root, key), bytes, path.join(root, TEMPORARY));
    },
    async get(key) {
      const opened = await openKey(key);
      if (opened === undefined) return undefined;
      try {
        return await opened.handle.readFile();
      } finally {
        await opened.handle.close();
      }
    },
    async open(key) {
      const opened = await openKey(key);
      return opened && { body: opened.handle.createReadStream(), sizeBytes: opened.stat.size };
    },
    async head(key) {
      const file = await find(key);
      const found = file === undefined ? undefined : await statOf(file);
      if (found === undefined) return undefined;
      if (!found.isFile()) throw new StorageForeignEntryError();
      return { sizeBytes: found.size, lastModified: found.mtime };
    },
    async delete(key) {
      const file = await find(key);
      if (file === undefined) return;
      await unlink(file).catch((error: unknown) => {
        if (!hasCode(error, 'ENOENT')) throw error;
      });
    },
    async *list(prefix) {
      assertStoragePrefix(prefix);
      const folder = prefix.slice(0, -1);
      const root = await rootPath();
      if (await walkFolders(root, folder, { create: false })) yield* listFolder(root, folder);
    },
    async signedUrl(key) {
      assertStorageKey(key);
      return undefined;
    },
    async health() {
      const root = await rootPath();
      const probe = path.join(root, TEMPORARY, `health-${randomUUID()}`);
      try {
        await writeFileWhole(probe, Buffer.from('ok'), path.join(root, TEMPORARY));
        const opened = await openRegular(probe);
        await opened?.handle.close();
        if (opened?.stat.size !== 2) throw new Error('Storage lost what was just written to it.');
      } finally {
        await rm(probe, { force: true });
      }
    },
  };
  return storage;
}

/** Only real folders are entered and only regular files are named; what is not one of our keys is passed over. */
async function* listFolder(root: string, folder: string): AsyncGenerator<Listed> {
  for await (const entry of await opendir(path.join(root, folder))) {
    const key = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (isStoragePrefix(`${key}/`)) yield* listFolder(root, key);
    } else if (entry.isFile() && isStorageKey(key)) {
      const found = await statOf(path.join(root, key));
      // Deleted since the folder was read.
      if (found?.isFile() === true) yield { key, sizeBytes: found.size, lastModified: found.mtime };
    }
  }
}

/** Makes the root and clears what writers that died have left half written. Returns the real path. */
async function prepareRoot(root: string): Promise<string> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const real = await realpath(root);
  await walkFolders(real, TEMPORARY, { create: true });
  for (const name of await readdir(path.join(real, TEMPORARY))) {
    const leftover = path.join(real, TEMPORARY, name);
    const found = await statOf(leftover);
    if (found !== undefined && Date.now() - found.mtimeMs > LEFTOVER_AGE_MS) await rm(leftover, { force: true });
  }
  return real;
}
