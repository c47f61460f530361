import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { deleteObjects } from './delete-objects.ts';
import { createFileStorage } from '#adapters/storage/file.ts';
import { resultKey, thumbnailKey } from '#adapters/storage/index.ts';
import { newId } from '#platform/new-id.ts';

test('the pictures of a wiped job go with their thumbnails, also when the chore runs twice; others stay', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'delete-objects-'));
  try {
    const storage = createFileStorage({ root });
    const workspaceId = newId();
    const key = (index: number): string => resultKey({ workspaceId, generationId: workspaceId, attempt: 1, index });
    for (const each of [key(0), thumbnailKey(key(0), 256), key(1)])
      await storage.put(each, new Uint8Array([1]), { contentType: 'image/png' });
    const payload = { workspace_id: workspaceId, storage_keys: [key(0)] };
    await deleteObjects({ storage }, payload);
    await deleteObjects({ storage }, payload);
    const left: string[] = [];
    for await (const object of storage.list(`ws/${workspaceId}/`)) left.push(object.key);
    expect(left).toEqual([key(1)]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
