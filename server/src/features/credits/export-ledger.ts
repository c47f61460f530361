import { Readable } from 'node:stream';
import type { Actor } from '#platform/actor.ts';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/db/database.ts';
import { readTenant } from '#platform/db/tenant.ts';
import { selectHead, selectSealed } from './chain.queries.ts';
import { type ExportHead, exportFormat, exportStatement } from './chain/export-format.ts';
import type { ExportedEntry } from './chain/record.ts';
import { recordOf } from './chain/record-of.ts';
import type { LedgerSigner } from './chain/signer.ts';
import { publishKey } from './published-ledger.ts';
import { sealLedger } from './seal-ledger.ts';

const pageMax = 500;

/**
 * The whole ledger of the workspace as a signed file (`LedgerExport`, one entry a line), sealed up to now and streamed page by page, so that its
 * size does not matter to us. Entries are made from the tables as they are, not from what was sealed: a row that somebody changed does not fit its hash.
 */
export async function exportLedger(
  deps: { db: Database; signer: LedgerSigner; clock: Clock },
  actor: Actor,
): Promise<Readable> {
  const { workspaceId } = actor;
  await publishKey(deps.db, deps.signer);
  await sealLedger(deps, workspaceId);
  const [end] = await readTenant(deps.db, workspaceId, (query) => selectHead(query, workspaceId));
  return Readable.from(writeExport(deps, workspaceId, end));
}

type End = { seq: number; hash: string; balance_after: number | null; days: ExportHead['days'] };

async function* writeExport(
  { db, signer, clock }: { db: Database; signer: LedgerSigner; clock: Clock },
  workspaceId: string,
  end: End | undefined,
): AsyncGenerator<string> {
  yield `{"format":${JSON.stringify(exportFormat)},"workspace_id":${JSON.stringify(workspaceId)},"entries":[`;
  const erased: number[] = [];
  for await (const page of sealedPages(db, workspaceId, end?.seq ?? 0)) {
    erased.push(...page.filter((entry) => entry.reason_sha256 !== null && entry.reason === null).map(({ seq }) => seq));
    yield page.map((entry) => `${entry.seq === 1 ? '' : ','}\n${JSON.stringify(entry)}`).join('');
  }
  const head: ExportHead = {
    exported_at: new Date(clock.nowMs()).toISOString(),
    entries: end?.seq ?? 0,
    hash: end?.hash ?? null,
    balance_milli: end?.balance_after ?? 0,
    erased,
    days: end?.days ?? [],
  };
  const signature = {
    algorithm: 'Ed25519',
    key_id: signer.keyId,
    public_key: signer.publicKey,
    value: signer.sign(exportStatement(workspaceId, head, signer.keyId)),
  };
  yield `\n],\n"head":${JSON.stringify(head)},\n"signature":${JSON.stringify(signature)}}\n`;
}

async function* sealedPages(db: Database, workspaceId: string, lastSeq: number): AsyncGenerator<ExportedEntry[]> {
  let afterSeq = 0;
  let previousHash: string | null = null;
  while (afterSeq < lastSeq) {
    const at = afterSeq;
    const rows = await readTenant(db, workspaceId, (query) =>
      selectSealed(query, workspaceId, { afterSeq: at, lastSeq, limit: pageMax }),
    );
    if (rows.length === 0) throw new Error(`the ledger of ${workspaceId} ends after entry ${at} of ${lastSeq}`);
    yield rows.map((row): ExportedEntry => {
      const record = recordOf(row, { workspaceId, seq: row.at, previousHash, reasonSha256: row.text_sha256 });
      previousHash = row.hash;
      return { ...record, hash: row.hash, reason: row.text, reason_salt: row.salt };
    });
    afterSeq = rows.at(-1)?.at ?? lastSeq;
  }
}
