import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { makeSigningKey } from '#platform/signing-key.ts';
import { aCatalogueModel, aKeyCaller, aSessionCaller, type Caller, test, type TestApi, testSigner } from '#test/app.ts';
import type { TestDatabase } from '#test/database.ts';
import { aSucceededGeneration } from '#test/factories.ts';
import type { LedgerExport, PublishedLedger } from './chain/export-format.ts';
import { createLedgerSigner } from './chain/signer.ts';
import { verifyExport } from './chain/verify-export.ts';
import { closeLedgerDays } from './close-ledger-days.ts';

const exportOf = async (api: TestApi, as: Caller): Promise<LedgerExport> => {
  const answer = await api.call({ url: '/api/v1/credits/export', as });
  expect(answer.statusCode).toBe(200);
  return answer.json<LedgerExport>();
};
const published = async (api: TestApi, day?: string): Promise<PublishedLedger> =>
  (await api.call({ url: `/.well-known/pingvas-ledger.json${day ? `?day=${day}` : ''}` })).json<PublishedLedger>();

/** Somebody who bought credits, was charged for two jobs, got one back and had a grant run out. */
async function aCustomer(db: TestDatabase): Promise<Caller> {
  const caller = await aKeyCaller(db);
  const model = await aCatalogueModel(db);
  const done = await aSucceededGeneration(db, caller, model);
  await aSucceededGeneration(db, caller, model);
  const sql = (text: string, ...values: unknown[]) => db.owner.pool.query(text, [caller.workspaceId, ...values]);
  await sql("select public.ledger_refund($1, $2, null, 'sorry', 'it was blurred', now())", done.generation_id);
  await sql(
    "select public.ledger_grant($1, 'promotional', 3000, 'gift', '선물', now() - interval '2 days', now() - interval '1 day', null, now())",
  );
  await sql("select public.ledger_adjust($1, -500, 'by hand', 'a mistake of ours', now())");
  return caller;
}

/** Seals of this workspace as if they had been made on an earlier day. */
const movedTo = (db: TestDatabase, workspaceId: string, at: string) =>
  db.owner.pool.query(
    `do $$ begin
       alter table public.ledger_seal disable trigger ledger_seal_append_only;
       update public.ledger_seal set sealed_at = '${at}' where workspace_id = '${workspaceId}';
       alter table public.ledger_seal enable trigger ledger_seal_append_only;
     end $$`,
  );

describe('the export', () => {
  test('holds every entry of the workspace and is valid', async ({ db, api }) => {
    const caller = await aCustomer(db);
    const file = await exportOf(api, caller);
    expect(verifyExport(file, await published(api))).toMatchObject({ ok: true, entries: 7, key_published: true });
    expect(file.entries.map(({ kind, amount_milli, reason }) => [kind, amount_milli, reason])).toEqual([
      ['grant', 1_000_000, 'test'],
      ['capture', -1_234, expect.stringMatching(/^model-.* × 1$/)],
      ['capture', -1_234, expect.stringMatching(/^model-.* × 1$/)],
      ['refund', 1_234, 'it was blurred'],
      ['grant', 3_000, '선물'],
      ['expiry', -3_000, 'credits expired'],
      ['adjustment', -500, 'a mistake of ours'],
    ]);
    const [bought, charged] = file.entries;
    expect(charged!.consumed).toEqual([{ grant_id: bought!.issued!.grant_id, amount_milli: 1_234 }]);
  });

  test('agrees with the history, which shows each hash once it is sealed', async ({ db, api }) => {
    const caller = await aCustomer(db);
    const history = async () =>
      (await api.call({ url: '/api/v1/credits/transactions', as: caller })).json<{
        data: { entry_id: string; hash: string | null; credits: number; reason: string }[];
      }>().data;
    expect((await history()).map(({ hash }) => hash)).toEqual(Array.from({ length: 7 }, () => null));
    const file = await exportOf(api, caller);
    expect((await history()).map(({ entry_id, hash, credits, reason }) => [entry_id, hash, credits, reason])).toEqual(
      file.entries.toReversed().map((entry) => [entry.entry_id, entry.hash, entry.amount_milli / 1_000, entry.reason]),
    );
  });

  test('is valid with many pages, and for a workspace without entries', async ({ db, api }) => {
    const caller = await aKeyCaller(db);
    await db.owner.pool.query(
      "select public.ledger_adjust($1, n, 'n' || n, 'step ' || n, now()) from generate_series(1, 1100) n",
      [caller.workspaceId],
    );
    expect(verifyExport(await exportOf(api, caller))).toMatchObject({ ok: true, entries: 1_101 });
    const empty = await aSessionCaller(db, { credits: 0 });
    expect(verifyExport(await exportOf(api, empty))).toMatchObject({ ok: true, entries: 0, balance_milli: 0 });
  });

  test('survives the erasing of reasons: amounts stay checkable, words and salts are gone', async ({ db, api }) => {
    const caller = await aCustomer(db);
    await exportOf(api, caller);
    await db.admin.pool.query('select public.ledger_erase_text($1)', [caller.workspaceId]);
    const file = await exportOf(api, caller);
    expect(verifyExport(file, await published(api))).toMatchObject({ ok: true, entries: 7 });
    expect(file.head.erased).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(JSON.stringify(file)).not.toMatch(/blurred|선물|mistake/);
  });

  test('names the entry whose row somebody changed in the database', async ({ db, api }) => {
    const caller = await aCustomer(db);
    const { entries } = await exportOf(api, caller);
    const victim = entries[3]!;
    await db.owner.pool.query(
      `do $$ begin
         alter table public.ledger_transaction disable trigger ledger_transaction_append_only;
         update public.ledger_transaction set reference = 'another' where transaction_id = '${victim.transaction_id}';
         alter table public.ledger_transaction enable trigger ledger_transaction_append_only;
       end $$`,
    );
    expect(verifyExport(await exportOf(api, caller))).toMatchObject({ ok: false, seq: 4, entry_id: victim.entry_id });
  });

  test('of twenty callers at once is the same chain', async ({ db, api }) => {
    const caller = await aCustomer(db);
    const files = await Promise.all(Array.from({ length: 20 }, () => exportOf(api, caller)));
    expect(new Set(files.map(({ head }) => head.hash)).size).toBe(1);
    for (const file of files) expect(verifyExport(file)).toMatchObject({ ok: true, entries: 7 });
  });
});

describe('the published document', () => {
  test('keeps old keys, needs no caller, and signs a day over all chains that moved without telling whose they are', async ({
    db,
    api,
  }) => {
    const [one, two] = [await aCustomer(db), await aCustomer(db)];
    const older = createLedgerSigner(makeSigningKey());
    for (const [caller, at] of [
      [one, '2001-02-03T12:00:00Z'],
      [two, '2001-02-03T23:59:59.999Z'],
    ] as const) {
      await exportOf(api, caller);
      await movedTo(db, caller.workspaceId, at);
    }
    const days = await Promise.all([1, 2].map(() => closeLedgerDays({ db: db.app, signer: older })));
    expect(days.flat()).toContain('2001-02-03');
    await movedTo(db, two.workspaceId, '2001-02-05T00:00:00Z');
    expect(await closeLedgerDays({ db: db.app, signer: testSigner })).toEqual(['2001-02-05']);
    expect(await closeLedgerDays({ db: db.app, signer: testSigner })).toEqual([]);

    const keys = await published(api, '2001-02-05');
    expect(keys.keys.map(({ key_id }) => key_id)).toEqual(expect.arrayContaining([older.keyId, testSigner.keyId]));
    expect(keys.days.map(({ day, leaves, key_id }) => [day, leaves, key_id])).toEqual([
      ['2001-02-05', 1, testSigner.keyId],
      ['2001-02-03', 2, older.keyId],
    ]);
    expect(JSON.stringify(keys)).not.toContain(one.workspaceId);
    const file = await exportOf(api, two);
    expect(verifyExport(file, keys)).toMatchObject({ ok: true, days_confirmed: 1 });
    expect(verifyExport(file, await published(api, '2001-02-03'))).toMatchObject({ ok: true, days_confirmed: 1 });
    const without = { ...keys, days: keys.days.map((day) => ({ ...day, list: undefined })) };
    expect(verifyExport(file, without)).toMatchObject({ ok: true, days_confirmed: 0 });
  });

  test('refuses what is no day', async ({ api }) => {
    const answer = await api.call({ url: '/.well-known/pingvas-ledger.json?day=2026-13-01' });
    expect([answer.statusCode, answer.json().errors[0].pointer]).toEqual([422, '/day']);
  });
});

describe('pingvas ledger verify', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pingvas-ledger-'));
  const run = (...args: string[]) =>
    spawnSync(
      process.execPath,
      [path.join(import.meta.dirname, '../../main/pingvas.ts'), 'ledger', 'verify', ...args],
      {
        encoding: 'utf8',
        cwd: folder,
        // No database anywhere near: it must not be asked for.
        env: {
          DATA_DIR: path.join(folder, 'none'),
          DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
        },
      },
    );
  const save = (name: string, value: unknown): string => {
    const file = path.join(folder, name);
    writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
    return file;
  };

  test('checks a file offline: 0 valid, 1 altered with the entry’s name, 2 wrong use', async ({
    db,
    api,
    onTestFinished,
  }) => {
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const caller = await aCustomer(db);
    const file = await exportOf(api, caller);
    const whole = save('whole.json', file);
    const keys = save('keys.json', await published(api));
    const valid = run(whole, '--keys', keys, '--json');
    expect([valid.status, JSON.parse(valid.stdout)]).toEqual([
      0,
      expect.objectContaining({ ok: true, entries: 7, key_published: true }),
    ]);
    const [, , entry] = file.entries;
    const altered = save('altered.json', { ...file, entries: file.entries.with(2, { ...entry!, amount_milli: -1 }) });
    expect(run(altered)).toMatchObject({ status: 1, stdout: expect.stringContaining(`Entry 3 (${entry!.entry_id})`) });
    const cut = save('cut.json', JSON.stringify(file).slice(0, -10));
    expect(run(cut)).toMatchObject({ status: 1, stdout: expect.stringContaining('not_an_export') });
    expect(run(path.join(folder, 'missing.json')).status).toBe(2);
    expect(run(whole, '--kyes', keys).status).toBe(2);
  });
});
