import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StorageForeignEntryError } from './file-paths.ts';
import { createFileStorage } from './file.ts';
import { hostileKeys } from './hostile-keys.ts';
import type { Storage } from './port.ts';
import { keysUnder, storageContract } from './storage.contract.ts';

const png = { contentType: 'image/png' };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'storage-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a folder keeps the contract', () => {
  let storage: Storage | undefined;
  storageContract(() => (storage ??= createFileStorage({ root: path.join(folder, 'contract/root') })));
});

test('there are at least 500 different hostile keys', () => {
  expect(new Set(hostileKeys()).size).toBeGreaterThanOrEqual(500);
});

describe('with links planted inside the root', () => {
  /** A root with a canary beside it, and links to the canary and its folder wherever a key could lead. */
  async function plantedRoot(name: string) {
    const outside = path.join(folder, name, 'outside');
    const root = path.join(folder, name, 'root');
    const canary = path.join(outside, 'canary');
    await mkdir(path.join(outside, 'gen'), { recursive: true });
    for (const file of [canary, path.join(outside, 'gen', 'canary')]) {
      await writeFile(file, 'unread');
      // An access time before the change time is renewed by any read, also on file systems that renew it seldom.
      await utimes(file, new Date(1_000_000), new Date());
    }
    await mkdir(path.join(root, 'ws', 'w', 'gen'), { recursive: true });
    await symlink(canary, path.join(root, 'ws', 'w', 'gen', 'canary'));
    await symlink(
      path.join('..', '..', '..', '..', 'outside', 'canary'),
      path.join(root, 'ws', 'w', 'gen', 'relative.png'),
    );
    await symlink(path.join(outside, 'nothing'), path.join(root, 'ws', 'w', 'gen', 'dangling.png'));
    await symlink(outside, path.join(root, 'ws', 'linked'));
    await symlink(path.join(outside, 'gen'), path.join(root, 'ws', 'w', 'upload'));
    const links = ['ws/w/gen/canary', 'ws/w/gen/relative.png', 'ws/w/gen/dangling.png'];
    const behindLinks = [
      'ws/linked/gen/canary',
      'ws/linked/gen/new.png',
      'ws/linked/new/a.png',
      'ws/w/upload/canary',
      'ws/w/upload/new.png',
    ];
    const expectUntouched = async () => {
      expect((await readdir(outside, { recursive: true })).sort()).toEqual(['canary', 'gen', 'gen/canary']);
      for (const file of [canary, path.join(outside, 'gen', 'canary')]) {
        expect((await stat(file)).atimeMs).toBe(1_000_000);
        expect(await readFile(file, 'utf8')).toBe('unread');
        await utimes(file, new Date(1_000_000), new Date());
      }
    };
    return { storage: createFileStorage({ root }), links, behindLinks, expectUntouched };
  }

  test('no operation reads, writes, deletes or lists through one', async () => {
    const { storage, links, behindLinks, expectUntouched } = await plantedRoot('links');
    for (const key of [...links, ...behindLinks]) {
      await expect(storage.get(key)).rejects.toThrow(StorageForeignEntryError);
      await expect(storage.open(key)).rejects.toThrow(StorageForeignEntryError);
      await expect(storage.head(key)).rejects.toThrow(StorageForeignEntryError);
    }
    for (const key of behindLinks) {
      await expect(storage.put(key, Buffer.from('evil'), png)).rejects.toThrow(StorageForeignEntryError);
      await expect(storage.delete(key)).rejects.toThrow(StorageForeignEntryError);
    }
    await expect(keysUnder(storage, 'ws/linked/')).rejects.toThrow(StorageForeignEntryError);
    await expect(keysUnder(storage, 'ws/w/upload/')).rejects.toThrow(StorageForeignEntryError);
    expect(await keysUnder(storage, 'ws/')).toEqual([]);
    await expectUntouched();
  });

  test('putting or deleting where a link stands replaces the link, not what it points at', async () => {
    const { storage, links, expectUntouched } = await plantedRoot('replaced');
    for (const key of links) await storage.put(key, Buffer.from('ours'), png);
    await expectUntouched();
    for (const key of links) expect(Buffer.from((await storage.get(key))!).toString()).toBe('ours');
    for (const key of links) await storage.delete(key);
    await expectUntouched();
  });

  test('more than 500 hostile keys leave the canary unread and unchanged', async () => {
    const { storage, expectUntouched } = await plantedRoot('hostile');
    for (const key of hostileKeys()) {
      await expect(storage.put(key, Buffer.from('evil'), png)).rejects.toThrow();
      await expect(storage.get(key)).rejects.toThrow();
      await expect(storage.open(key)).rejects.toThrow();
      await expect(storage.head(key)).rejects.toThrow();
      await expect(storage.delete(key)).rejects.toThrow();
      await expect(keysUnder(storage, `${key}/`)).rejects.toThrow();
    }
    await expectUntouched();
  });
});

test('a folder or file of the wrong kind is an error, not an absence', async () => {
  const root = path.join(folder, 'kinds');
  await mkdir(path.join(root, 'ws', 'w', 'gen', 'folder.png'), { recursive: true });
  await writeFile(path.join(root, 'ws', 'file'), '');
  const storage = createFileStorage({ root });
  await expect(storage.get('ws/w/gen/folder.png')).rejects.toThrow(StorageForeignEntryError);
  await expect(storage.put('ws/file/gen/a.png', Buffer.from('x'), png)).rejects.toThrow(StorageForeignEntryError);
});

test('what a dead writer left half written is cleared at the next start, what a living one writes is not', async () => {
  const root = path.join(folder, 'leftovers');
  await mkdir(path.join(root, '.tmp'), { recursive: true });
  await writeFile(path.join(root, '.tmp', 'dead'), 'half');
  await utimes(path.join(root, '.tmp', 'dead'), new Date(0), new Date(0));
  await writeFile(path.join(root, '.tmp', 'living'), 'half');
  await createFileStorage({ root }).health();
  expect(await readdir(path.join(root, '.tmp'))).toEqual(['living']);
});

test('a root behind a link is the operator’s choice and works', async () => {
  await mkdir(path.join(folder, 'disk'));
  await symlink(path.join(folder, 'disk'), path.join(folder, 'mounted'));
  const storage = createFileStorage({ root: path.join(folder, 'mounted') });
  await storage.put('ws/w/gen/a.png', Buffer.from('x'), png);
  expect(await readFile(path.join(folder, 'disk', 'ws', 'w', 'gen', 'a.png'), 'utf8')).toBe('x');
});

test('a store that cannot be made is unhealthy and recovers when it can', async () => {
  const blocker = path.join(folder, 'blocked');
  await writeFile(blocker, 'a file where the folder should be');
  const storage = createFileStorage({ root: path.join(blocker, 'root') });
  await expect(storage.health()).rejects.toThrow();
  await rm(blocker);
  await storage.health();
});

test('objects are for the server’s user alone', async () => {
  const root = path.join(folder, 'modes');
  await createFileStorage({ root }).put('ws/w/gen/a.png', Buffer.from('x'), png);
  expect((await stat(path.join(root, 'ws', 'w', 'gen', 'a.png'))).mode & 0o077).toBe(0);
  expect((await stat(path.join(root, 'ws', 'w'))).mode & 0o077).toBe(0);
});
