import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { createPictures } from '#adapters/pictures/sharp.ts';
import { aPicture } from '#adapters/pictures/test-pictures.ts';
import { createFileStorage } from '#adapters/storage/file.ts';
import type { Storage } from '#adapters/storage/index.ts';
import { uploadImage } from '#features/library/upload-image.ts';
import { sweepQueue } from '#features/generations/generations.queries.ts';
import { ownerRole } from '#platform/db/embedded.ts';
import { aVerifiedUser, signIn, testAccounts } from '#test/accounts.ts';
import { cloneDatabase, test, type TestDatabase } from '#test/database.ts';
import { aWorkspace, ownerActor } from '#test/factories.ts';
import { brokenQueueRules } from '#test/queue-invariants.ts';
import { aRealGeneration, aRunningWorker, untilStatus } from '#test/worker.ts';
import { BackupError } from '#features/backup/archive-format.ts';
import { createBackup } from '#features/backup/create-backup.ts';
import { restoreBackup } from '#features/backup/restore-backup.ts';

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pingvas-backup-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function anInstallation(): Promise<{ db: TestDatabase; storage: Storage; ownerUrl: string }> {
  const db = await cloneDatabase();
  onTestFinished(db.close);
  return { db, storage: createFileStorage({ root: await aFolder() }), ownerUrl: db.url(ownerRole) };
}

const imagesOf = async (db: TestDatabase) =>
  (await db.owner.pool.query<{ storage_key: string; sha256: string }>('select storage_key, sha256 from public.image'))
    .rows;

async function keysIn(storage: Storage): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list('ws/')) keys.push(key);
  return keys;
}

const rowsIn = async (db: TestDatabase): Promise<number> =>
  (
    await db.owner.pool.query<{ n: number }>(
      'select (select count(*) from public.workspace) + (select count(*) from auth."user") + (select count(*) from public.ledger_entry) as n',
    )
  ).rows[0]?.n ?? -1;

test('archives made under load restore to a whole: money, pictures, sign-in, and the waiting jobs run to their end', async () => {
  const source = await anInstallation();
  const accounts = await testAccounts(source.db);
  const person = await aVerifiedUser(accounts);
  const workspaces = await Promise.all([1, 2, 3].map(() => aWorkspace(source.db, { plan: 'studio' })));
  const worker = await aRunningWorker(source.db, { storage: source.storage, stepMs: 5 });
  const pictures = createPictures();
  const upload = await aPicture(64, 64).png().toBuffer();
  await source.db.owner.pool.query(
    `select graphile_worker.add_job('purge_trash', '{"n": 1}', run_at => now() + interval '1 hour', job_key => 'kept')`,
  );
  const load = Promise.all(
    workspaces.map(async (workspace) => {
      for (let n = 0; n < 5; n += 1) {
        await aRealGeneration(source.db, workspace, worker.modelId);
        await uploadImage(
          { db: source.db.app, storage: source.storage, pictures },
          ownerActor(workspace),
          upload,
          undefined,
        );
      }
    }),
  );
  const folder = await aFolder();
  const archives: string[] = [];
  for (const enough of [2, 12]) {
    while ((await imagesOf(source.db)).length < enough) await new Promise((resolve) => setTimeout(resolve, 5));
    const file = path.join(folder, `${enough}.tar.zst`);
    const report = await createBackup(
      { ownerUrl: source.ownerUrl, storage: source.storage, version: 'test' },
      { file, secretsDir: null },
    );
    expect(report).toMatchObject({ missing: [], damaged: [] });
    archives.push(file);
  }
  await load;
  await worker.stop();
  await pictures.close();

  let unfinished = 0;
  for (const file of archives) {
    const target = await anInstallation();
    const report = await restoreBackup(target, { file, secretsDir: null });
    const ids = workspaces.map(({ workspaceId }) => workspaceId);
    expect(await brokenQueueRules(target.db, ids)).toEqual([]);
    const images = await imagesOf(target.db);
    expect(images.length).toBeGreaterThan(0);
    expect(report.objects).toBe(3 * images.length);
    for (const { storage_key, sha256 } of images) {
      const bytes = await target.storage.get(storage_key);
      expect(
        createHash('sha256')
          .update(bytes ?? '')
          .digest('hex'),
      ).toBe(sha256);
    }
    await signIn(await testAccounts(target.db), person.email);
    const { rows: chores } = await target.db.owner.pool.query<{ identifier: string; key: string }>(
      `select t.identifier, j.key from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where j.key = 'kept'`,
    );
    expect(chores).toEqual([{ identifier: 'purge_trash', key: 'kept' }]);

    // The leases of the archive's running jobs are long past when somebody restores it.
    await target.db.owner.pool.query("update public.running set lease_until = now() - interval '1 second'");
    await sweepQueue(target.db.app);
    const { rows: open } = await target.db.owner.pool.query<{ generation_id: string }>(
      "select generation_id from public.generation where status in ('backlogged', 'queued', 'running')",
    );
    unfinished += open.length;
    const again = await aRunningWorker(target.db, { storage: target.storage, modelId: worker.modelId });
    for (const { generation_id } of open)
      expect((await untilStatus(target.db, generation_id)).status).toBe('succeeded');
    await again.stop();
    expect(await brokenQueueRules(target.db, ids)).toEqual([]);
  }
  expect(unfinished).toBeGreaterThan(0);
});

async function aSmallArchive(): Promise<{ file: string; folder: string; bytes: Buffer; workspaceId: string }> {
  const source = await anInstallation();
  const workspace = await aWorkspace(source.db);
  const pictures = createPictures();
  const picture = await aPicture(64, 64).png().toBuffer();
  await uploadImage(
    { db: source.db.app, storage: source.storage, pictures },
    ownerActor(workspace),
    picture,
    undefined,
  );
  await pictures.close();
  const folder = await aFolder();
  const file = path.join(folder, 'whole.tar.zst');
  await createBackup(
    { ownerUrl: source.ownerUrl, storage: source.storage, version: 'test' },
    { file, secretsDir: null },
  );
  return { file, folder, bytes: await readFile(file), workspaceId: workspace.workspaceId };
}

test('an archive that was cut or altered anywhere is refused, and database and storage stay empty', async () => {
  const { file, folder, bytes } = await aSmallArchive();
  expect(await readdir(folder)).toEqual(['whole.tar.zst']);
  const target = await anInstallation();
  const spots = Array.from({ length: 12 }, (_, n) => Math.floor((bytes.length * (n + 0.5)) / 12));
  const wrong = path.join(folder, 'wrong.tar.zst');
  for (const spot of spots) {
    await writeFile(wrong, bytes.subarray(0, spot));
    await expect(restoreBackup(target, { file: wrong, secretsDir: null })).rejects.toThrow(BackupError);
    const altered = Buffer.from(bytes);
    altered[spot] = (altered[spot] ?? 0) ^ 0x10;
    await writeFile(wrong, altered);
    await expect(restoreBackup(target, { file: wrong, secretsDir: null })).rejects.toThrow(BackupError);
  }
  expect(await rowsIn(target.db)).toBe(0);
  expect(await keysIn(target.storage)).toEqual([]);
  await restoreBackup(target, { file, secretsDir: null });
  expect(await rowsIn(target.db)).toBeGreaterThan(0);
});

test('secrets travel only when asked for, for their owner’s eyes, and never overwrite others', async () => {
  const source = await anInstallation();
  const folder = await aFolder();
  const secrets = path.join(folder, 'secrets');
  await mkdir(secrets);
  await writeFile(path.join(secrets, 'auth'), 'the secret of before');
  const create = (name: string, secretsDir: string | null) =>
    createBackup({ ...source, version: 'test' }, { file: path.join(folder, name), secretsDir });
  expect((await create('without', null)).secrets).toBe(0);
  expect((await create('with', secrets)).secrets).toBe(1);

  const target = await anInstallation();
  const put = path.join(folder, 'put');
  await mkdir(put);
  await writeFile(path.join(put, 'auth'), 'made by the first start');
  await restoreBackup(target, { file: path.join(folder, 'without'), secretsDir: put });
  expect(await readFile(path.join(put, 'auth'), 'utf8')).toBe('made by the first start');
  await restoreBackup(target, { file: path.join(folder, 'with'), secretsDir: put });
  expect(await readFile(path.join(put, 'auth'), 'utf8')).toBe('the secret of before');
  expect(await readFile(path.join(put, 'auth.before-restore'), 'utf8')).toBe('made by the first start');
  for (const file of [path.join(put, 'auth'), path.join(folder, 'with')])
    expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a restore whose storage fails leaves the database empty and can be repeated', async () => {
  const { file, workspaceId } = await aSmallArchive();
  const target = await anInstallation();
  const full = { ...target.storage, put: () => Promise.reject(new Error('ENOSPC')) };
  await expect(restoreBackup({ ...target, storage: full }, { file, secretsDir: null })).rejects.toThrow('ENOSPC');
  expect(await rowsIn(target.db)).toBe(0);
  await restoreBackup(target, { file, secretsDir: null });
  expect(await brokenQueueRules(target.db, [workspaceId])).toEqual([]);
});

test('a database in use is never restored over, and an existing file never written over', async () => {
  const { file } = await aSmallArchive();
  const target = await anInstallation();
  await aWorkspace(target.db);
  const before = await rowsIn(target.db);
  await expect(restoreBackup(target, { file, secretsDir: null })).rejects.toThrow(/in use/);
  expect(await rowsIn(target.db)).toBe(before);
  await expect(createBackup({ ...target, version: 'test' }, { file, secretsDir: null })).rejects.toThrow(/exists/);
});

test('after a restore history is append only and behind the wall as before, and new numbers are not used twice', async () => {
  const { file, workspaceId } = await aSmallArchive();
  const target = await anInstallation();
  await restoreBackup(target, { file, secretsDir: null });
  const shape = `select json_build_object(
    'walls', (select json_agg(json_build_array(c.oid::regclass, c.relrowsecurity, c.relforcerowsecurity) order by c.oid::regclass::text) from pg_class c where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'auth'::regnamespace)),
    'triggers', (select json_agg(json_build_array(t.tgrelid::regclass, t.tgname, t.tgenabled) order by t.tgrelid::regclass::text, t.tgname) from pg_trigger t where not t.tgisinternal)) as shape`;
  const fresh = await anInstallation();
  expect((await target.db.owner.pool.query(shape)).rows).toEqual((await fresh.db.owner.pool.query(shape)).rows);
  await expect(
    target.db.owner.pool.query('delete from public.ledger_entry where workspace_id = $1', [workspaceId]),
  ).rejects.toThrow(/append only/);
  for (let n = 0; n < 3; n += 1)
    await target.db.owner.pool.query("insert into public.outbox (task, payload) values ('test', '{}')");
});
