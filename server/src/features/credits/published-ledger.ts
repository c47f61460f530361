import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';
import type { PublishedLedger } from './chain/export-format.ts';
import type { LedgerSigner } from './chain/signer.ts';

/** Puts the signing key among the published ones, where it stays for ever. Safe to repeat. */
export async function publishKey(db: Database, signer: LedgerSigner): Promise<void> {
  await db.kysely
    .insertInto('ledger_public_key')
    .values({ key_id: signer.keyId, public_key: signer.publicKey })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

const daysMax = 400;

/**
 * The published document: every key that ever signed, and the newest heads of days. With `day`: those up to that day, whose list of leaves is added.
 * It tells nothing of anybody: leaves are salted hashes.
 */
export async function getPublishedLedger(db: Database, day: string | undefined): Promise<PublishedLedger> {
  const keys = await db.kysely.selectFrom('ledger_public_key').selectAll().orderBy('first_used_at').execute();
  const days = await db.kysely
    .selectFrom('ledger_day as d')
    .select([
      sql<string>`d.day::text`.as('day'),
      'd.root',
      'd.leaves',
      'd.previous_root',
      'd.key_id',
      'd.signature',
      sql<string[] | null>`case when d.day = ${day ?? null}::date then public.ledger_day_leaves(d.day) end`.as('list'),
    ])
    .$if(day !== undefined, (query) => query.where('d.day', '<=', sql<Date>`${day}::date`))
    .orderBy('d.day', 'desc')
    .limit(daysMax)
    .execute();
  return {
    format: 'pingvas-ledger-keys/1',
    keys: keys.map(({ key_id, public_key, first_used_at }) => ({
      key_id,
      algorithm: 'Ed25519',
      public_key,
      first_used_at: first_used_at.toISOString(),
    })),
    days: days.map(({ list, ...head }) => (list === null ? head : { ...head, list })),
  };
}
