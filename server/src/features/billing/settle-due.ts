import { sql } from 'kysely';
import { withTenant } from '#platform/db/tenant.ts';
import { lockBilling } from './billing.queries.ts';
import type { BillingDeps } from './deps.ts';
import { settleWorkspace } from './settle-workspace.ts';

/** Looks at the workspaces where time alone has changed something: a subscription or contract ended, a month of a year began. At most 200 a run. */
export async function settleDue({ db, clock }: Pick<BillingDeps, 'db' | 'clock'>): Promise<void> {
  const nowMs = clock.nowMs();
  const { rows } = await sql<{ due: string }>`select public.billing_due(${new Date(nowMs)}, 200) as due`.execute(
    db.kysely,
  );
  for (const { due } of rows) {
    await withTenant(db, due, async (tx) => {
      await lockBilling(tx, due);
      await settleWorkspace(tx, due, nowMs);
    });
  }
}
