import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import tar from 'tar-stream';
import { type ArchiveManifest, BackupError, createDigests, manifestName } from './archive-format.ts';

/** An archive that is being written: a tar of small entries behind zstd. */
export type ArchiveWriter = {
  /** Adds an entry; resolves when there is room for the next one. */
  add: (entry: string, bytes: Uint8Array) => Promise<void>;
  /** Writes the manifest and gives the file its name. Returns its size in bytes. */
  finish: (facts: Omit<ArchiveManifest, 'parts'>) => Promise<number>;
  /** Forgets the half-written file. */
  abandon: () => Promise<void>;
};

/** Starts an archive beside `file`, which appears only when it is complete. Throws `BackupError` when `file` exists. */
export async function writeArchive(file: string): Promise<ArchiveWriter> {
  if (await exists(file)) throw new BackupError(`${file} exists already. Choose another name, or remove it.`);
  const half = `${file}.${process.pid}.part`;
  const pack = tar.pack();
  const digests = createDigests();
  const written = pipeline(
    Readable.from(pack),
    createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
    // It holds everybody's data: nobody else on this machine may read it.
    createWriteStream(half, { flags: 'wx', mode: 0o600 }),
  );
  // A full disk shows itself at the next entry.
  written.catch((error: unknown) => pack.destroy(error as Error));
  const put = (entry: string, bytes: Uint8Array): Promise<void> =>
    Promise.race([
      new Promise<void>((resolve, reject) => {
        pack.entry({ name: entry, mode: 0o600 }, bytes, (error) => (error ? reject(error) : resolve()));
      }),
      written,
    ]);
  return {
    add: async (entry, bytes) => {
      digests.add(entry, bytes);
      await put(entry, bytes);
    },
    finish: async (facts) => {
      await put(manifestName, Buffer.from(JSON.stringify({ parts: digests.parts(), ...facts })));
      pack.finalize();
      await written;
      await persist(half);
      await rename(half, file);
      await persist(path.dirname(path.resolve(file)));
      return (await stat(file)).size;
    },
    abandon: async () => {
      pack.destroy();
      await written.catch(() => undefined);
      await rm(half, { force: true });
    },
  };
}

async function persist(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
