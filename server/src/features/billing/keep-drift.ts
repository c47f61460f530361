import { isDeepStrictEqual } from 'node:util';
import type { ProviderObject } from '#adapters/payments/port.ts';
import type { TenantTx } from '#platform/db/tenant.ts';
import type { BillingDeps } from './deps.ts';

type Place = { provider: string; workspaceId: string };
type Facts = Record<string, unknown> | null;

/** Where it is kept and when it was last touched; an object that is only touched has not drifted. */
const bookkeeping = new Set(['updated_at', 'workspace_id', 'provider']);

/** What we know of an object now, as plain JSON; null when nothing. */
export async function readFacts(tx: TenantTx, { provider }: Place, object: ProviderObject): Promise<Facts> {
  const row = await select(tx, provider, object);
  if (!row) return null;
  const told = Object.entries(row).filter(([name]) => !bookkeeping.has(name));
  return JSON.parse(JSON.stringify(Object.fromEntries(told))) as Facts;
}

async function select(tx: TenantTx, provider: string, object: ProviderObject): Promise<object | undefined> {
  switch (object.kind) {
    case 'subscription':
      return tx
        .selectFrom('billing_subscription')
        .selectAll()
        .where('provider', '=', provider)
        .where('subscription_id', '=', object.subscription.id)
        .executeTakeFirst();
    case 'dispute':
      return tx
        .selectFrom('billing_dispute')
        .selectAll()
        .where('provider', '=', provider)
        .where('dispute_id', '=', object.dispute.id)
        .executeTakeFirst();
    case 'invoice':
    case 'order':
      return tx
        .selectFrom('billing_payment')
        .selectAll()
        .where('provider', '=', provider)
        .where('kind', '=', object.kind)
        .where('payment_id', '=', object.kind === 'invoice' ? object.invoice.id : object.order.id)
        .executeTakeFirst();
  }
}

/** Writes down that an object is not what we had. Returns whether it is. */
export async function keepDrift(
  tx: TenantTx,
  { clock }: Pick<BillingDeps, 'clock'>,
  found: Place & { kind: ProviderObject['kind']; objectId: string; before: Facts; after: Facts },
): Promise<boolean> {
  if (found.after === null || isDeepStrictEqual(found.before, found.after)) return false;
  await tx
    .insertInto('billing_drift')
    .values({
      workspace_id: found.workspaceId,
      provider: found.provider,
      kind: found.kind,
      object_id: found.objectId,
      before: found.before === null ? null : JSON.stringify(found.before),
      after: JSON.stringify(found.after),
      found_at: new Date(clock.nowMs()),
    })
    .execute();
  return true;
}
