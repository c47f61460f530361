import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';
import { callTenant, readTenant } from '#platform/db/tenant.ts';
import { callAppendSeals, selectUnsealed } from './chain.queries.ts';
import { hashReason, hashRecord } from './chain/record.ts';
import { recordOf } from './chain/record-of.ts';

const batchMax = 500;

/**
 * Seals what waits in one workspace into its hash chain; returns how many entries it sealed itself. Any number of callers at once is fine: each
 * computes on the head it read, and only the one whose head still stands is taken; the others look again.
 */
export async function sealLedger(deps: { db: Database }, workspaceId: string): Promise<number> {
  let sealed = 0;
  for (;;) {
    const waiting = await readTenant(deps.db, workspaceId, (query) => selectUnsealed(query, workspaceId, batchMax));
    const [first] = waiting;
    if (!first) return sealed;
    const previous = first.head?.hash ?? null;
    let seq = first.head?.seq ?? 0;
    let previousHash = previous;
    const seals = waiting.map((facts) => {
      seq += 1;
      const reasonSha256 = facts.salt === null || facts.text === null ? null : hashReason(facts.salt, facts.text);
      const hash = hashRecord(recordOf(facts, { workspaceId, seq, previousHash, reasonSha256 }));
      previousHash = hash;
      return { seq, entry_id: facts.entry_id, text_sha256: reasonSha256, hash };
    });
    const [answer] = await callTenant(deps.db, workspaceId, (query) =>
      callAppendSeals(query, workspaceId, previous, seals),
    );
    if (answer?.appended) sealed += seals.length;
  }
}

const workspacesMax = 200;
const atOnce = 4;

/** Seals what waits in every workspace; returns how many entries. One that fails is told to `onError` and does not hold up the others. */
export async function sealAllLedgers(deps: {
  db: Database;
  onError: (workspaceId: string, error: unknown) => void;
}): Promise<number> {
  let sealed = 0;
  let after: string | null = null;
  for (;;) {
    const { rows }: { rows: { workspace_id: string }[] } = await sql<{
      workspace_id: string;
    }>`select workspace_id from public.ledger_unsealed_workspaces(${after}, ${workspacesMax}) as workspace_id`.execute(
      deps.db.kysely,
    );
    const queue = rows.values();
    const sealer = async (): Promise<void> => {
      for (const { workspace_id } of queue) {
        await sealLedger(deps, workspace_id).then(
          (count) => (sealed += count),
          (error: unknown) => deps.onError(workspace_id, error),
        );
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sealer));
    after = rows.at(-1)?.workspace_id ?? null;
    if (rows.length < workspacesMax) return sealed;
  }
}
