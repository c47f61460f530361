import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';
import { type DayHead, dayStatement } from './chain/day.ts';
import type { LedgerSigner } from './chain/signer.ts';
import { publishKey } from './published-ledger.ts';

/** Signs the head of every day (UTC) that has ended and on which a chain moved. Returns the days. Safe to repeat and to run twice at once. */
export async function closeLedgerDays(deps: { db: Database; signer: LedgerSigner }): Promise<string[]> {
  const { db, signer } = deps;
  await publishKey(db, signer);
  const closed: string[] = [];
  for (;;) {
    const due = await sql<{ day: string | null }>`select public.ledger_day_due()::text as day`.execute(db.kysely);
    const day = due.rows[0]?.day ?? null;
    if (day === null) return closed;
    const drawn = await sql<{ head: DayHead }>`select public.ledger_close_day(${day}) as head`.execute(db.kysely);
    const head = drawn.rows[0]?.head;
    if (head === undefined) throw new Error('ledger_close_day answered nothing');
    await db.kysely
      .insertInto('ledger_day')
      .values({
        day: sql<Date>`${head.day}::date`,
        root: head.root,
        leaves: head.leaves,
        previous_root: head.previous_root,
        key_id: signer.keyId,
        signature: signer.sign(dayStatement(head)),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    closed.push(day);
  }
}
