/** What every storage must do. A test file of an implementation calls `storageContract`. */
import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { hostileKeys } from './hostile-keys.ts';
import { StorageKeyError, type Storage } from './port.ts';

const png = { contentType: 'image/png' };

/** Declares the tests. `makeStorage` gives the storage under test; each test works in a workspace of its own. */
export function storageContract(makeStorage: () => Storage): void {
  const newKey = (name = 'a-1-0.png') => `ws/${randomUUID()}/gen/${name}`;

  test('what was put is got, streamed and described, byte for byte', async () => {
    const storage = makeStorage();
    const key = newKey();
    const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31) % 251);
    await storage.put(key, bytes, png);
    expect(Buffer.from((await storage.get(key))!).equals(bytes)).toBe(true);
    const opened = (await storage.open(key))!;
    expect(opened.sizeBytes).toBe(bytes.length);
    expect((await buffer(opened.body)).equals(bytes)).toBe(true);
    const head = (await storage.head(key))!;
    expect(head.sizeBytes).toBe(bytes.length);
    expect(head.lastModified).toBeInstanceOf(Date);
  });

  test('an empty object is an object', async () => {
    const storage = makeStorage();
    const key = newKey();
    await storage.put(key, new Uint8Array(), png);
    expect((await storage.get(key))!.length).toBe(0);
    expect((await buffer((await storage.open(key))!.body)).length).toBe(0);
  });

  test('what is not there is undefined, and deleting it is no error', async () => {
    const storage = makeStorage();
    const key = newKey();
    expect(await storage.get(key)).toBeUndefined();
    expect(await storage.open(key)).toBeUndefined();
    expect(await storage.head(key)).toBeUndefined();
    await storage.delete(key);
  });

  test('a deleted object is gone, its neighbours stay', async () => {
    const storage = makeStorage();
    const [key, neighbour] = [newKey(), newKey()];
    await storage.put(key, Buffer.from('a'), png);
    await storage.put(neighbour, Buffer.from('b'), png);
    await storage.delete(key);
    await storage.delete(key);
    expect(await storage.head(key)).toBeUndefined();
    expect(Buffer.from((await storage.get(neighbour))!).toString()).toBe('b');
  });

  test('a reader during overwrites sees one whole version', async () => {
    const storage = makeStorage();
    const key = newKey();
    const version = (n: number) => Buffer.alloc(100_000, n);
    await storage.put(key, version(0), png);
    const writes = { done: 0 };
    const writer = (async () => {
      for (let n = 1; n <= 20; n += 1, writes.done += 1) await storage.put(key, version(n), png);
    })();
    while (writes.done < 20) {
      const seen = Buffer.from((await storage.get(key))!);
      expect(seen.equals(version(seen[0]!))).toBe(true);
    }
    await writer;
    expect((await storage.get(key))![0]).toBe(20);
  });

  test('writers of one key at the same time leave one whole version and nothing else', async () => {
    const storage = makeStorage();
    const key = newKey();
    await Promise.all(Array.from({ length: 12 }, (_, n) => storage.put(key, Buffer.alloc(50_000, n), png)));
    const seen = Buffer.from((await storage.get(key))!);
    expect(seen.equals(Buffer.alloc(50_000, seen[0]))).toBe(true);
    expect(await keysUnder(storage, `${key.split('/').slice(0, 2).join('/')}/`)).toEqual([key]);
  });

  test('a list names all objects under a prefix and none of a neighbour whose name begins alike', async () => {
    const storage = makeStorage();
    const workspace = randomUUID();
    const keys = [`ws/${workspace}/gen/a-1-0.png`, `ws/${workspace}/gen/b-1-0.png`, `ws/${workspace}/upload/c.png`];
    for (const key of [...keys, `ws/${workspace}x/gen/d-1-0.png`]) await storage.put(key, Buffer.from(key), png);
    expect(await keysUnder(storage, `ws/${workspace}/`)).toEqual(keys);
    expect(await keysUnder(storage, `ws/${workspace}/gen/`)).toEqual(keys.slice(0, 2));
    expect(await keysUnder(storage, `ws/${workspace}/preview/`)).toEqual([]);
    expect(await keysUnder(storage, 'ws/')).toEqual(expect.arrayContaining(keys));
    for await (const found of storage.list(`ws/${workspace}/`)) {
      expect(found.sizeBytes).toBe(found.key.length);
      expect(found.lastModified).toBeInstanceOf(Date);
    }
  });

  test('a healthy store says so and shows no trace of having been asked', async () => {
    const storage = makeStorage();
    const before = await keysUnder(storage, 'ws/');
    await storage.health();
    expect(await keysUnder(storage, 'ws/')).toEqual(before);
  });

  test('more than 500 hostile keys are refused by every operation', async () => {
    const storage = makeStorage();
    const before = await keysUnder(storage, 'ws/');
    for (const key of hostileKeys()) {
      await expect(storage.put(key, Buffer.from('evil'), png)).rejects.toThrow(StorageKeyError);
      await expect(storage.get(key)).rejects.toThrow(StorageKeyError);
      await expect(storage.open(key)).rejects.toThrow(StorageKeyError);
      await expect(storage.head(key)).rejects.toThrow(StorageKeyError);
      await expect(storage.delete(key)).rejects.toThrow(StorageKeyError);
      await expect(keysUnder(storage, `${key}/`)).rejects.toThrow(StorageKeyError);
      await expect(storage.signedUrl(key, { expiresInS: 60, ...png })).rejects.toThrow(StorageKeyError);
    }
    expect(await keysUnder(storage, 'ws/')).toEqual(before);
  });
}

/** All keys under a prefix, sorted. */
export async function keysUnder(storage: Storage, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list(prefix)) keys.push(key);
  return keys.sort();
}
