import { fileURLToPath } from 'node:url';
import { createFileStorage } from '#adapters/storage/file.ts';
import type { Storage } from '#adapters/storage/index.ts';

/** The storage of `STORAGE_URL`: `file:<folder>`. Throws for an address nobody here serves. */
export function buildStorage(url: string): Storage {
  if (url.startsWith('file:'))
    return createFileStorage({ root: url.startsWith('file://') ? fileURLToPath(url) : url.slice('file:'.length) });
  throw new Error(`STORAGE_URL: "${url.split(':')[0] ?? ''}:" is not supported; use file:<folder>.`);
}
