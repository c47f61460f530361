/** The storage port: a flat map from keys to bytes, one prefix per workspace. */
import type { Readable } from 'node:stream';

export type StoredObject = { sizeBytes: number; lastModified: Date };

/**
 * Keys are `ws/<workspace id>/<kind>/<name>`: lower-case letters, digits, `-`, `_`, `.` and `/`, no empty, `.` or `..` segment, at most 512 characters.
 * Every implementation refuses any other key with `StorageKeyError` before touching anything.
 */
export interface Storage {
  /** Writes the whole object or nothing: a reader never sees half of it. Overwrites. */
  put(key: string, bytes: Uint8Array, options: { contentType: string }): Promise<void>;
  /** The whole object, or undefined when there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** A stream of the object, or undefined when there is none. */
  open(key: string): Promise<{ body: Readable; sizeBytes: number } | undefined>;
  /** Size and time, or undefined when there is none. */
  head(key: string): Promise<StoredObject | undefined>;
  /** Removes the object; removing what is not there is no error. */
  delete(key: string): Promise<void>;
  /** All keys under a prefix that ends with `/`, in any order. */
  list(prefix: string): AsyncIterable<{ key: string } & StoredObject>;
  /** A short-lived address a browser may fetch directly, or undefined when the API must send the bytes itself. */
  signedUrl(
    key: string,
    options: { expiresInS: number; contentType: string; downloadName?: string },
  ): Promise<string | undefined>;
  /** Throws when the store cannot be written and read. */
  health(): Promise<void>;
}

/** The key is not one of ours. Never carries the key into an answer to a user. */
export class StorageKeyError extends Error {
  constructor() {
    super('Storage key refused: it does not have the form of one of our keys.');
    this.name = 'StorageKeyError';
  }
}
