import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished, expect } from 'vitest';
import pino from 'pino';
import { createPictures } from '#adapters/pictures/sharp.ts';
import { aPicture, randomFrom } from '#adapters/pictures/test-pictures.ts';
import { type Storage, thumbnailKey, thumbnailSizes } from '#adapters/storage/index.ts';
import { createFileStorage } from '#adapters/storage/file.ts';
import { checkObjects } from '#features/library/check-objects.ts';
import { sweepOrphans } from '#features/library/sweep-orphans.ts';
import { uploadImage } from '#features/library/upload-image.ts';
import { cloneDatabase, test, type TestDatabase } from '#test/database.ts';
import { aWorkspace, ownerActor } from '#test/factories.ts';
import { brokenQueueRules } from '#test/queue-invariants.ts';
import { aRealGeneration, aRunningWorker, untilStatus } from '#test/worker.ts';

const log = pino({ level: 'silent' });
/** Older than any attempt, so that the sweep looks at everything. */
const laterMs = 3 * 3_600_000;

/** A storage whose every sixth call goes wrong: refused, done without an answer, or "there is no such object". */
function aFaultyStorage(inner: Storage, seed: number): { storage: Storage; faults: () => number; heal: () => void } {
  const random = randomFrom(seed);
  let faults = 0;
  let healthy = false;
  const fails = (): boolean => !healthy && random() % 6 === 0 && ++faults > 0;
  return {
    faults: () => faults,
    heal: () => (healthy = true),
    storage: {
      ...inner,
      put: async (key, bytes, options) => {
        if (fails()) throw new Error('put refused');
        await inner.put(key, bytes, options);
        if (fails()) throw new Error('put done, answer lost');
      },
      get: async (key) => (fails() ? undefined : inner.get(key)),
      delete: async (key) => {
        if (fails()) throw new Error('delete refused');
        await inner.delete(key);
      },
    },
  };
}

const rowKeys = async (db: TestDatabase): Promise<string[]> =>
  (
    await db.owner.pool.query<{ storage_key: string }>('select storage_key from public.image order by storage_key')
  ).rows.map(({ storage_key }) => storage_key);

async function storedKeys(storage: Storage): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list('ws/')) keys.push(key);
  return keys.sort();
}

const objectsOf = (keys: string[]): string[] =>
  keys.flatMap((key) => [key, ...thumbnailSizes.map((size) => thumbnailKey(key, size))]).sort();

test('after storage faults and the sweep no row is without its object and no object without its row', async () => {
  // A database of its own: the sweep asks about every row there is.
  const db = await cloneDatabase();
  onTestFinished(db.close);
  const root = await mkdtemp(path.join(os.tmpdir(), 'pingvas-faults-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const disk = createFileStorage({ root });
  const faulty = aFaultyStorage(disk, 23);
  const pictures = createPictures();
  onTestFinished(() => pictures.close());
  const workspace = await aWorkspace(db, { plan: 'studio' });
  const worker = await aRunningWorker(db, { storage: faulty.storage });
  const bytes = await aPicture(64, 64).png().toBuffer();
  let refused = 0;
  let wanted = 0;
  const upload = async (): Promise<string | undefined> => {
    wanted += 1;
    const deps = { db: db.app, storage: faulty.storage, pictures };
    return uploadImage(deps, ownerActor(workspace), bytes, undefined).then(
      ({ image }) => image.image_id,
      () => void (refused += 1),
    );
  };

  const jobs: string[] = [];
  for (let n = 0; n < 8; n += 1) {
    jobs.push(await aRealGeneration(db, workspace, worker.modelId, { request: { count: 2 } }));
    const source = await upload();
    if (source === undefined) continue;
    const request = { init_image_id: source };
    jobs.push(await aRealGeneration(db, workspace, worker.modelId, { mode: 'img2img', request }));
  }
  const ended = await Promise.all(jobs.map((job) => untilStatus(db, job)));
  await worker.stop();
  expect(faulty.faults()).toBeGreaterThan(10);
  expect(refused).toBeGreaterThan(0);
  expect(await brokenQueueRules(db, [workspace.workspaceId])).toEqual([]);
  for (const job of ended) expect(job.status === 'succeeded').toBe(job.images.length > 0);

  const rows = await rowKeys(db);
  expect((await storedKeys(disk)).length).toBeGreaterThan(objectsOf(rows).length);
  faulty.heal();
  expect(await sweepOrphans({ db: db.app, storage: faulty.storage, log }, Date.now() + laterMs)).toBeGreaterThan(0);
  expect(await storedKeys(disk)).toEqual(objectsOf(rows));
  expect(rows.length).toBe(wanted - refused + ended.reduce((sum, { images }) => sum + images.length, 0));
  expect(await checkObjects({ db: db.app, storage: disk, log })).toEqual({ missing: [], wrongSize: [] });
});

test('a picture whose object is lost or cut outside is told of, and nothing is tidied away', async () => {
  const db = await cloneDatabase();
  onTestFinished(db.close);
  const root = await mkdtemp(path.join(os.tmpdir(), 'pingvas-lost-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const storage = createFileStorage({ root });
  const pictures = createPictures();
  onTestFinished(() => pictures.close());
  const actor = ownerActor(await aWorkspace(db));
  const bytes = await aPicture(64, 64).png().toBuffer();
  for (let n = 0; n < 5; n += 1) await uploadImage({ db: db.app, storage, pictures }, actor, bytes, undefined);
  const [lost = '', cut = '', trashed = '', ...whole] = await rowKeys(db);
  await storage.delete(lost);
  await storage.put(cut, new Uint8Array(3), { contentType: 'image/png' });
  // On its way out: the purge removes the object first.
  await storage.delete(trashed);
  await db.owner.pool.query(
    "update public.image set deleted_at = now() - interval '30 days 1 minute' where storage_key = $1",
    [trashed],
  );
  expect(await checkObjects({ db: db.app, storage, log })).toEqual({ missing: [lost], wrongSize: [cut] });
  await sweepOrphans({ db: db.app, storage, log }, Date.now() + laterMs);
  expect(await rowKeys(db)).toEqual(expect.arrayContaining([lost, cut, trashed, ...whole]));
  expect(await storedKeys(storage)).toEqual(expect.arrayContaining(objectsOf(whole)));
});
