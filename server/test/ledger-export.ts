import { createHash } from 'node:crypto';
import { type LedgerExport, exportFormat, exportStatement } from '#features/credits/chain/export-format.ts';
import { type ExportedEntry, hashReason, hashRecord, type LedgerRecord } from '#features/credits/chain/record.ts';
import { createLedgerSigner, type LedgerSigner } from '#features/credits/chain/signer.ts';
import { makeSigningKey } from '#platform/signing-key.ts';

/** A step of a made-up ledger: a purchase (+) or a job's charge (−), in milli-credits. */
export type MadeUpStep = { amount: number; reason: string | null };

const idOf = (text: string): string => {
  const hex = createHash('sha256').update(text).digest('hex');
  return `01900000-${hex.slice(0, 4)}-7${hex.slice(4, 7)}-8${hex.slice(7, 10)}-${hex.slice(10, 22)}`;
};

/** A ledger of these steps as it would be exported, signed by `signer`. Built from the published format alone, not by the code that exports. */
export function aLedgerExport(
  steps: readonly MadeUpStep[],
  {
    signer = createLedgerSigner(makeSigningKey()),
    workspaceId = idOf('workspace'),
    erased = [],
  }: { signer?: LedgerSigner; workspaceId?: string; erased?: readonly number[] } = {},
): LedgerExport {
  const entries: ExportedEntry[] = [];
  let balance = 0;
  for (const [at, { amount, reason }] of steps.entries()) {
    const seq = at + 1;
    balance += amount;
    const salt = createHash('sha256').update(`salt ${seq}`).digest('hex');
    const entryId = idOf(`entry ${seq}`);
    const isGrant = amount > 0;
    const record: LedgerRecord = {
      version: 1,
      workspace_id: workspaceId,
      seq,
      previous_hash: entries.at(-1)?.hash ?? null,
      entry_id: entryId,
      transaction_id: idOf(`transaction ${seq}`),
      kind: isGrant ? 'grant' : 'capture',
      amount_milli: amount,
      balance_after_milli: balance,
      reference: `step:${seq}`,
      job_id: isGrant ? null : idOf(`job ${seq}`),
      order_id: isGrant ? `order ${seq}` : null,
      hold_id: isGrant ? null : idOf(`job ${seq}`),
      created_at: `2026-11-23T12:00:00.${String(seq).padStart(6, '0')}Z`,
      postings: [
        { entry_id: entryId, account: 'workspace', amount_milli: amount },
        { entry_id: idOf(`contra ${seq}`), account: isGrant ? 'issued:purchase' : 'revenue', amount_milli: -amount },
      ],
      issued: isGrant
        ? {
            grant_id: idOf(`transaction ${seq}`),
            kind: 'purchase',
            granted_milli: amount,
            effective_at: '2026-11-23T12:00:00.000000Z',
            expires_at: null,
          }
        : null,
      consumed: isGrant ? [] : [{ grant_id: idOf('transaction 1'), amount_milli: -amount }],
      reason_sha256: reason === null ? null : hashReason(salt, reason),
    };
    const isKept = reason !== null && !erased.includes(seq);
    entries.push({
      ...record,
      hash: hashRecord(record),
      reason: isKept ? reason : null,
      reason_salt: isKept ? salt : null,
    });
  }
  return signExport({ workspaceId, entries, erased: [...erased] }, signer);
}

/** Puts a signed head on entries: what somebody with a key of their own could do. */
export function signExport(
  { workspaceId, entries, erased }: { workspaceId: string; entries: ExportedEntry[]; erased: number[] },
  signer: LedgerSigner,
): LedgerExport {
  const last = entries.at(-1);
  const head = {
    exported_at: '2026-11-23T13:00:00.000Z',
    entries: entries.length,
    hash: last?.hash ?? null,
    balance_milli: last?.balance_after_milli ?? 0,
    erased,
    days: [],
  };
  return {
    format: exportFormat,
    workspace_id: workspaceId,
    entries,
    head,
    signature: {
      algorithm: 'Ed25519',
      key_id: signer.keyId,
      public_key: signer.publicKey,
      value: signer.sign(exportStatement(workspaceId, head, signer.keyId)),
    },
  };
}
