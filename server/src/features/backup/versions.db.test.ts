import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { createFileStorage } from '#adapters/storage/file.ts';
import { ownerRole, socketUrl } from '#platform/db/embedded.ts';
import { migrate, migrationFiles } from '#platform/db/migrate.ts';
import { newId } from '#platform/new-id.ts';
import { BackupError } from './archive-format.ts';
import { createBackup } from './create-backup.ts';
import { restoreBackup } from './restore-backup.ts';

const query = async (connectionString: string, ...texts: string[]): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const text of texts) ({ rows } = await client.query(text));
    return rows;
  } finally {
    await client.end();
  }
};

/** A database in which nothing was ever made. */
async function aNewDatabase(owner: string = ownerRole): Promise<string> {
  const name = `b_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const server = socketUrl(inject('socketDir'), ownerRole, 'postgres');
  await query(server, `create database ${name} owner ${owner}`);
  onTestFinished(async () => void (await query(server, `drop database ${name} with (force)`)));
  return socketUrl(inject('socketDir'), owner, name);
}

async function migrateTo(url: string, last: string): Promise<string[]> {
  const names = (await migrationFiles()).map(({ name }) => name).filter((name) => name <= `migrations/${last}`);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(client, url, { only: new Set(names) });
  await client.end();
  return names;
}

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pingvas-backup-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const anEntry = (workspaceId: string): string => `
  insert into public.workspace (workspace_id, kind, name, owner_user_id) values ('${workspaceId}', 'team', 'Old', 'somebody');
  insert into public.credit_account (workspace_id, balance, period_anchor, period_start, period_end, next_due_at)
    values ('${workspaceId}', 5, now(), now(), now() + interval '1 month', now() + interval '1 month');
  insert into public.ledger_transaction (transaction_id, workspace_id, kind, reference, reason, created_at)
    values ('${workspaceId}', '${workspaceId}', 'grant', 'old', 'words of an old version', now());
  insert into public.ledger_entry (entry_id, transaction_id, workspace_id, account, amount, balance_after, created_at)
    values ('${workspaceId}', '${workspaceId}', '${workspaceId}', 'workspace', 5, 5, now()),
      (gen_random_uuid(), '${workspaceId}', '${workspaceId}', 'issued:plan', -5, null, now())`;

test('an archive of an earlier version is loaded as it was and then migrated with its data', async () => {
  const old = await aNewDatabase();
  const applied = await migrateTo(old, '0050_audit.sql');
  const workspaceId = newId();
  await query(
    old,
    anEntry(workspaceId),
    `insert into public.model (model_id, engine, name, base, capabilities, load_ms, image_ms) values ('old', 'fake', 'old', 'old', '{}', 1, 1)`,
    `insert into public.generation (generation_id, workspace_id, user_id, status, model_id, mode, level, request, expected, ceiling, charged, timeout_ms, start_by, period_start)
       values (gen_random_uuid(), '${workspaceId}', 'somebody', 'succeeded', 'old', 'txt2img', 5, '{}', 9, 9, 7, 1, now(), now())`,
  );
  const folder = await aFolder();
  const storage = createFileStorage({ root: path.join(folder, 'objects') });
  const file = path.join(folder, 'old.tar.zst');
  await createBackup({ ownerUrl: old, storage, version: '0.0.1' }, { file, secretsDir: null });

  const target = await aNewDatabase();
  const report = await restoreBackup({ ownerUrl: target, storage }, { file, secretsDir: null });
  const later = (await migrationFiles()).map(({ name }) => name).filter((name) => !applied.includes(name));
  expect(report.migrations).toEqual(later);
  // Made by a later migration from what the archive brought.
  expect(await query(target, 'select user_id, spent::int from public.member_usage')).toEqual([
    { user_id: 'somebody', spent: 7 },
  ]);
});

test('an archive of a later version is refused before anything is made', async () => {
  const source = await aNewDatabase();
  await migrateTo(source, '9999');
  await query(source, "insert into meta.migration (name, sha256) values ('migrations/9999_of_tomorrow.sql', 'x')");
  const folder = await aFolder();
  const storage = createFileStorage({ root: path.join(folder, 'objects') });
  const file = path.join(folder, 'new.tar.zst');
  await createBackup({ ownerUrl: source, storage, version: '99.0.0' }, { file, secretsDir: null });

  const target = await aNewDatabase();
  await expect(restoreBackup({ ownerUrl: target, storage }, { file, secretsDir: null })).rejects.toThrow(
    /version 99\.0\.0.*9999_of_tomorrow/s,
  );
  expect(await query(target, "select to_regclass('meta.migration')::text as there")).toEqual([{ there: null }]);
});

test('an owner that is no superuser restores; one that row-level security filters makes no half backup', async () => {
  const login = `owner_${randomUUID().slice(0, 8)}`;
  const server = socketUrl(inject('socketDir'), ownerRole, 'postgres');
  await query(server, `create role ${login} login createrole`);
  const roles = ['pingvas_app', 'pingvas_worker', 'pingvas_admin', 'pingvas_auth', 'pingvas_queue'];
  await query(server, `grant ${roles.join(', ')} to ${login} with admin option`);
  onTestFinished(async () => void (await query(server, `drop role ${login}`)));

  const source = await aNewDatabase();
  await migrateTo(source, '9999');
  const workspaceId = newId();
  await query(source, anEntry(workspaceId));
  const folder = await aFolder();
  const storage = createFileStorage({ root: path.join(folder, 'objects') });
  const file = path.join(folder, 'a.tar.zst');
  await createBackup({ ownerUrl: source, storage, version: 'test' }, { file, secretsDir: null });

  const target = await aNewDatabase(login);
  await restoreBackup({ ownerUrl: target, storage }, { file, secretsDir: null });
  const seen = target.replace(login, ownerRole);
  expect(await query(seen, 'select balance::int from public.credit_account')).toEqual([{ balance: 5 }]);
  const half = path.join(folder, 'half.tar.zst');
  await expect(
    createBackup({ ownerUrl: target, storage, version: 'test' }, { file: half, secretsDir: null }),
  ).rejects.toThrow(BackupError);
});
