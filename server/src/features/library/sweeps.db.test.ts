import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { createFileStorage } from '#adapters/storage/file.ts';
import {
  previewKey,
  resultKey,
  type Storage,
  thumbnailKey,
  thumbnailSizes,
  uploadKey,
} from '#adapters/storage/index.ts';
import { createLog } from '#platform/log.ts';
import { newId } from '#platform/new-id.ts';
import { test as base, type TestDatabase } from '#test/database.ts';
import { aModel, aSucceededGeneration, aWorkspace, type TestWorkspace } from '#test/factories.ts';
import { storedKeys } from '#test/uploads.ts';
import { purgeTrash } from './purge-trash.ts';
import { sweepOrphans } from './sweep-orphans.ts';

const hourMs = 3_600_000;
const log = createLog({ level: 'silent', process: 'test' });

type Objects = { storage: Storage; write: (key: string, ageMs: number) => string };

/** A folder of objects of the test's own, in which an object can be as old as it likes. */
const test = base.extend('objects', async ({}, { onCleanup }): Promise<Objects> => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'pingvas-sweeps-'));
  onCleanup(() => rmSync(root, { recursive: true, force: true }));
  const write = (key: string, ageMs: number): string => {
    const file = path.join(root, key);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, 'x');
    utimesSync(file, new Date(), new Date(Date.now() - ageMs));
    return key;
  };
  return { storage: createFileStorage({ root }), write };
});

const withThumbnails = (key: string): string[] => [key, ...thumbnailSizes.map((size) => thumbnailKey(key, size))];

/** A job that succeeded, and the picture it recorded (1,000 bytes). */
async function aPicture(
  db: TestDatabase,
  workspace: TestWorkspace,
): Promise<{ generationId: string; imageId: string; key: string }> {
  const { generation_id: generationId } = await aSucceededGeneration(db, workspace, await aModel(db));
  const { rows } = await db.owner.pool.query<{ image_id: string; storage_key: string }>(
    'select image_id, storage_key from public.image where generation_id = $1',
    [generationId],
  );
  return { generationId, imageId: rows[0]!.image_id, key: rows[0]!.storage_key };
}

const facts = async (
  db: TestDatabase,
  { workspaceId }: TestWorkspace,
): Promise<{ storage_bytes: number; images: string[] }> =>
  (
    await db.owner.pool.query(
      `select storage_bytes, array(select image_id from public.image i where i.workspace_id = a.workspace_id order by 1) as images
       from public.credit_account a where workspace_id = $1`,
      [workspaceId],
    )
  ).rows[0];

const moveToTrash = (db: TestDatabase, imageId: string, interval: string) =>
  db.owner.pool.query('update public.image set deleted_at = now() - $2::interval where image_id = $1', [
    imageId,
    interval,
  ]);

test('what no row knows goes once it is old enough; pictures, their thumbnails and all that is young stay', async ({
  db,
  objects: { storage, write },
}) => {
  const workspace = await aWorkspace(db);
  const { workspaceId } = workspace;
  const { generationId, key, imageId } = await aPicture(db, workspace);
  const trashed = await aPicture(db, workspace);
  await moveToTrash(db, trashed.imageId, '1 day');
  const deadAttempt = resultKey({ workspaceId, generationId, attempt: 7, index: 0 });
  const lonelyThumbnail = thumbnailKey(resultKey({ workspaceId, generationId, attempt: 8, index: 0 }), 256);
  const preview = previewKey({ workspaceId, generationId, attempt: 1 }, 'webp');
  const upload = uploadKey({ workspaceId, imageId: newId() });
  for (const orphan of [...withThumbnails(deadAttempt), lonelyThumbnail, preview, ...withThumbnails(upload)])
    write(orphan, 3 * hourMs);
  const kept = [...withThumbnails(key), ...withThumbnails(trashed.key)].map((each) => write(each, 400 * 24 * hourMs));
  const young = [
    uploadKey({ workspaceId, imageId: newId() }),
    previewKey({ workspaceId, generationId: newId(), attempt: 1 }, 'webp'),
    ...withThumbnails(resultKey({ workspaceId, generationId: newId(), attempt: 1, index: 0 })),
  ].map((each) => write(each, hourMs));

  expect(await sweepOrphans({ db: db.app, storage, log }, Date.now())).toBe(8);
  expect(await storedKeys(storage, workspaceId)).toEqual([...kept, ...young].sort());
  expect(await sweepOrphans({ db: db.app, storage, log }, Date.now())).toBe(0);
  expect((await facts(db, workspace)).images.toSorted()).toEqual([imageId, trashed.imageId].sort());
});

test('a sweep goes on past its first hundreds, over many workspaces', async ({ db, objects: { storage, write } }) => {
  const workspace = await aWorkspace(db);
  const { key } = await aPicture(db, workspace);
  write(key, 3 * hourMs);
  for (let n = 0; n < 1_100; n += 1)
    write(uploadKey({ workspaceId: n % 2 === 0 ? workspace.workspaceId : newId(), imageId: newId() }), 3 * hourMs);
  expect(await sweepOrphans({ db: db.app, storage, log }, Date.now())).toBe(1_100);
  expect(await storedKeys(storage, workspace.workspaceId)).toEqual([key]);
});

test('the trash is emptied after 30 days, not before: objects, row and bytes', async ({
  db,
  objects: { storage, write },
}) => {
  const workspace = await aWorkspace(db);
  const [due, early, present] = [
    await aPicture(db, workspace),
    await aPicture(db, workspace),
    await aPicture(db, workspace),
  ];
  for (const { key } of [due, early, present]) withThumbnails(key).forEach((each) => write(each, hourMs));
  await moveToTrash(db, due.imageId, '30 days 1 minute');
  await moveToTrash(db, early.imageId, '29 days 23 hours');
  await purgeTrash({ db: db.app, storage });
  expect(await facts(db, workspace)).toEqual({ storage_bytes: 2_000, images: [early.imageId, present.imageId].sort() });
  expect(await storedKeys(storage, workspace.workspaceId)).toEqual(
    [...withThumbnails(early.key), ...withThumbnails(present.key)].sort(),
  );
});

test('a purge that dies anywhere is finished by the next one, and gives the bytes back once', async ({
  db,
  objects: { storage, write },
}) => {
  const workspace = await aWorkspace(db);
  const pictures = [await aPicture(db, workspace), await aPicture(db, workspace)];
  for (const { imageId, key } of pictures) {
    withThumbnails(key).forEach((each) => write(each, hourMs));
    await moveToTrash(db, imageId, '31 days');
  }
  // It dies before its first deletion, then before the second, and so on: each time one more step has been done.
  for (let steps = 0; steps < 6; steps += 1) {
    let left = steps;
    const dying: Storage = {
      ...storage,
      delete: async (key) => {
        if (left-- === 0) throw new Error('killed');
        await storage.delete(key);
      },
    };
    await expect(purgeTrash({ db: db.app, storage: dying })).rejects.toThrow('killed');
    const { storage_bytes, images } = await facts(db, workspace);
    expect(storage_bytes).toBe(1_000 * images.length);
    if (images.length === 1) break;
  }
  await Promise.all([purgeTrash({ db: db.app, storage }), purgeTrash({ db: db.app, storage })]);
  expect(await facts(db, workspace)).toEqual({ storage_bytes: 0, images: [] });
  expect(await storedKeys(storage, workspace.workspaceId)).toEqual([]);
});

test('kept answers go after 24 hours, not before', async ({ db }) => {
  const { workspaceId } = await aWorkspace(db);
  await db.owner.pool.query(
    `insert into public.idempotency (workspace_id, key, fingerprint, status_code, response, created_at)
     values ($1, 'old', '', 200, '{}', now() - interval '24 hours 1 minute'), ($1, 'young', '', 200, '{}', now() - interval '23 hours 59 minutes')`,
    [workspaceId],
  );
  await db.app.pool.query('select public.sweep_idempotency()');
  const { rows } = await db.owner.pool.query('select key from public.idempotency where workspace_id = $1', [
    workspaceId,
  ]);
  expect(rows).toEqual([{ key: 'young' }]);
});
