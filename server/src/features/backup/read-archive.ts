import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import { createZstdDecompress } from 'node:zlib';
import tar from 'tar-stream';
import {
  archiveFormat,
  type ArchiveHeader,
  type ArchiveManifest,
  BackupError,
  createDigests,
  headerName,
  headerSchema,
  manifestName,
  manifestSchema,
} from './archive-format.ts';

/** No picture and no piece of a table comes near this; a header that says more is not ours. */
const entryBytesMax = 512 * 1024 * 1024;

/**
 * Reads an archive from its first to its last byte, hands each entry between header and manifest to `visit`, and compares every part with the manifest.
 * Throws `BackupError` when the archive is cut, altered or not ours; `visit` may have seen entries by then.
 */
export async function readArchive(
  file: string,
  visit: (entry: string, bytes: Buffer) => Promise<void> = async () => undefined,
): Promise<{ header: ArchiveHeader; manifest: ArchiveManifest }> {
  const digests = createDigests();
  let header: ArchiveHeader | undefined;
  let manifest: ArchiveManifest | undefined;
  for await (const [entry, bytes] of entriesOf(file)) {
    if (manifest) throw new BackupError(`${file} goes on after its end.`);
    if (entry === manifestName) {
      manifest = manifestSchema.parse(parse(file, bytes));
      continue;
    }
    digests.add(entry, bytes);
    if (header) await visit(entry, bytes);
    else header = readHeader(file, entry, bytes);
  }
  if (!header || !manifest) throw new BackupError(`${file} is not complete: its end is missing.`);
  if (!isDeepStrictEqual(manifest.parts, digests.parts()))
    throw new BackupError(`${file} was altered or damaged: its parts do not have the hashes of its manifest.`);
  return { header, manifest };
}

function readHeader(file: string, entry: string, bytes: Buffer): ArchiveHeader {
  const seen = entry === headerName ? (parse(file, bytes) as { format?: unknown }) : {};
  if (typeof seen.format === 'number' && seen.format > archiveFormat)
    throw new BackupError(`${file} was made by a newer version of this product. Restore it with that version.`);
  const header = headerSchema.safeParse(seen);
  if (!header.success) throw new BackupError(`${file} is not a backup of this product.`);
  return header.data;
}

function parse(file: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    throw new BackupError(`${file} was altered or damaged: a list in it cannot be read.`, { cause: error });
  }
}

async function* entriesOf(file: string): AsyncGenerator<[string, Buffer]> {
  const extract = tar.extract();
  // Every failure reaches whoever reads the entries; this listener only keeps Node from ending the process over it.
  extract.on('error', () => undefined);
  const stop = new AbortController();
  const fed = pipeline(
    createReadStream(file),
    createZstdDecompress(),
    new Writable({
      write: (chunk, _encoding, done) => {
        if (extract.write(chunk)) done();
        else extract.once('drain', () => done());
      },
      final: (done) => {
        extract.end(null);
        done();
      },
    }),
    { signal: stop.signal },
  ).catch((error: unknown) => extract.destroy(error as Error));
  try {
    for await (const entry of extract) {
      const { name, size, type } = entry.header;
      if (type !== 'file' || size > entryBytesMax) throw new BackupError(`${file} is not a backup of this product.`);
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry) chunks.push(chunk as Uint8Array);
      yield [name, Buffer.concat(chunks)];
    }
    await fed;
  } catch (error) {
    if (error instanceof BackupError || !isDamage(error)) throw error;
    throw new BackupError(`${file} cannot be read to its end: it was cut, altered or is no backup.`, { cause: error });
  } finally {
    stop.abort();
    extract.destroy(null);
  }
}

/** What decompression and tar say of bytes that are not as they were written; other failures (no such file, no right) speak for themselves. */
function isDamage(error: unknown): boolean {
  const code = (error as { code?: string }).code;
  return code === undefined || code.startsWith('ZSTD') || code.startsWith('Z_') || code.startsWith('ERR_');
}
