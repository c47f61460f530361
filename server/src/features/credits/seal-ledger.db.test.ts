import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { newId } from '#platform/new-id.ts';
import { test, type TestDatabase } from '#test/database.ts';
import { aWorkspace } from '#test/factories.ts';
import { sealAllLedgers, sealLedger } from './seal-ledger.ts';

type Seal = { seq: number; entry_id: string; hash: string; balance_after: number; amount: number };

const sealsOf = async (db: TestDatabase, workspaceId: string): Promise<Seal[]> =>
  (
    await db.owner.pool.query<Seal>(
      `select s.seq, s.entry_id, s.hash, e.balance_after, e.amount from public.ledger_seal s join public.ledger_entry e using (entry_id)
       where s.workspace_id = $1 order by s.seq`,
      [workspaceId],
    )
  ).rows;

/** Each entry once, numbered without a gap, in the order in which the balance moved. */
async function expectWholeChain(db: TestDatabase, workspaceId: string, entries: number): Promise<void> {
  const seals = await sealsOf(db, workspaceId);
  expect(seals.map(({ seq }) => seq)).toEqual(Array.from({ length: entries }, (_, at) => at + 1));
  let balance = 0;
  for (const seal of seals) {
    balance += seal.amount;
    expect(seal.balance_after).toBe(balance);
  }
  const { rows } = await db.owner.pool.query('select 1 from public.ledger_unsealed where workspace_id = $1', [
    workspaceId,
  ]);
  expect(rows).toEqual([]);
}

const adjust = (db: TestDatabase, workspaceId: string, amount: number, reason = 'test') =>
  db.owner.pool.query('select public.ledger_adjust($1, $2, $3, $4, now())', [
    workspaceId,
    amount,
    randomUUID(),
    reason,
  ]);

const failed = (workspaceId: string, error: unknown): never => {
  throw new Error(`${workspaceId} was not sealed`, { cause: error });
};

describe('sealing', () => {
  test('takes every entry once, in the order in which they were written, and repeated changes nothing', async ({
    db,
  }) => {
    const { workspaceId } = await aWorkspace(db);
    for (const amount of [100, -30, 7]) await adjust(db, workspaceId, amount);
    expect(await sealLedger({ db: db.app }, workspaceId)).toBe(4);
    const before = await sealsOf(db, workspaceId);
    expect(await sealLedger({ db: db.app }, workspaceId)).toBe(0);
    await adjust(db, workspaceId, -1);
    expect(await sealLedger({ db: db.app }, workspaceId)).toBe(1);
    expect((await sealsOf(db, workspaceId)).slice(0, 4)).toEqual(before);
    await expectWholeChain(db, workspaceId, 5);
  });

  test('keeps the order of writing when a transaction that began earlier wrote later', async ({ db }) => {
    const { workspaceId } = await aWorkspace(db);
    await adjust(db, workspaceId, 50);
    await db.owner.pool.query("select public.ledger_adjust($1, 20, 'earlier', 'test', now() - interval '1 hour')", [
      workspaceId,
    ]);
    await sealLedger({ db: db.app }, workspaceId);
    await expectWholeChain(db, workspaceId, 3);
  });

  test('twenty sealers at once make one chain', async ({ db }) => {
    const { workspaceId } = await aWorkspace(db);
    for (let n = 0; n < 30; n += 1) await adjust(db, workspaceId, n + 1);
    const sealed = await Promise.all(Array.from({ length: 20 }, () => sealLedger({ db: db.app }, workspaceId)));
    expect(sealed.reduce((sum, each) => sum + each, 0)).toBe(31);
    await expectWholeChain(db, workspaceId, 31);
  });

  test('while others write leaves nothing out and takes nothing twice', async ({ db }) => {
    const { workspaceId } = await aWorkspace(db);
    let writing = true;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let n = 0; n < 15; n += 1) await adjust(db, workspaceId, writer % 2 ? -1 - n : 40 + n);
    });
    const sealers = Array.from({ length: 3 }, async () => {
      while (writing) await sealAllLedgers({ db: db.app, onError: failed });
    });
    await Promise.all(writers).finally(() => (writing = false));
    await Promise.all(sealers);
    await sealLedger({ db: db.app }, workspaceId);
    await expectWholeChain(db, workspaceId, 61);
  });

  test('waits for an entry whose transaction is still open, and seals it after its commit', async ({ db }) => {
    const { workspaceId } = await aWorkspace(db);
    const client = await db.owner.pool.connect();
    try {
      await client.query('begin');
      await client.query("select public.ledger_adjust($1, 5, 'open', 'test', now())", [workspaceId]);
      expect(await sealLedger({ db: db.app }, workspaceId)).toBe(1);
      await client.query('commit');
    } finally {
      client.release();
    }
    expect(await sealLedger({ db: db.app }, workspaceId)).toBe(1);
    await expectWholeChain(db, workspaceId, 2);
  });

  test('does not wait for the lock of the account', async ({ db }) => {
    const { workspaceId } = await aWorkspace(db);
    const client = await db.owner.pool.connect();
    try {
      await client.query('begin');
      await client.query('select public.ledger_advance($1, now())', [workspaceId]);
      expect(await sealLedger({ db: db.app }, workspaceId)).toBe(1);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  test('of all workspaces goes on when one of them cannot be sealed', async ({ db }) => {
    const [broken, whole] = [await aWorkspace(db), await aWorkspace(db)];
    // A seal of an entry that is not waiting any more: the next number is taken.
    await db.owner.pool.query(
      `insert into public.ledger_unsealed (workspace_id, entry_id) select workspace_id, entry_id from public.ledger_unsealed where workspace_id = $1`,
      [broken.workspaceId],
    );
    const errors: string[] = [];
    await sealAllLedgers({ db: db.app, onError: (workspaceId) => errors.push(workspaceId) });
    await db.owner.pool.query('delete from public.ledger_unsealed where workspace_id = $1', [broken.workspaceId]);
    expect(errors).toContain(broken.workspaceId);
    await expectWholeChain(db, whole.workspaceId, 1);
  });
});

describe('the chain', () => {
  const hash = 'a'.repeat(64);
  const append = async (
    db: TestDatabase,
    tenant: string,
    workspaceId: string,
    previous: string | null,
    seal: object,
  ) => {
    const client = await db.app.pool.connect();
    try {
      await client.query('begin');
      await client.query("select set_config('app.tenant_id', $1, true)", [tenant]);
      const { rows } = await client.query<{ done: boolean }>('select public.ledger_append_seals($1, $2, $3) as done', [
        workspaceId,
        previous,
        JSON.stringify([seal]),
      ]);
      return rows[0]!.done;
    } finally {
      await client.query('rollback');
      client.release();
    }
  };

  test('takes a seal only at its end, only from its own workspace and only of an entry that waits', async ({ db }) => {
    const [own, other] = [await aWorkspace(db), await aWorkspace(db)];
    const { rows } = await db.owner.pool.query<{ entry_id: string }>(
      'select entry_id from public.ledger_unsealed where workspace_id = $1',
      [own.workspaceId],
    );
    const seal = { seq: 1, entry_id: rows[0]!.entry_id, text_sha256: null, hash };
    expect(await append(db, own.workspaceId, own.workspaceId, null, seal)).toBe(true);
    expect(await append(db, other.workspaceId, own.workspaceId, null, seal)).toBe(false);
    expect(await append(db, own.workspaceId, own.workspaceId, hash, seal)).toBe(false);
    expect(await append(db, own.workspaceId, own.workspaceId, null, { ...seal, seq: 2 })).toBe(false);
    await expect(append(db, own.workspaceId, own.workspaceId, null, { ...seal, entry_id: newId() })).rejects.toThrow(
      /wait/,
    );
    await expect(append(db, other.workspaceId, other.workspaceId, null, seal)).rejects.toThrow(/wait/);
  });

  test('cannot be changed, by nobody', async ({ db }) => {
    const { workspaceId } = await aWorkspace(db);
    await sealLedger({ db: db.app }, workspaceId);
    for (const statement of [
      'update public.ledger_seal set hash = hash',
      'delete from public.ledger_seal',
      "update public.ledger_text set text = 'x'",
      'update public.ledger_public_key set public_key = public_key',
      'delete from public.ledger_day',
    ]) {
      await expect(db.owner.pool.query(statement), statement).rejects.toThrow(/append only/);
    }
    await expect(db.app.pool.query('delete from public.ledger_text')).rejects.toThrow(/permission denied/);
  });
});
