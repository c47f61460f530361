import { sql } from 'kysely';
import { z } from 'zod';
import type { Chores, ScheduledChore } from '#platform/jobs/chores.ts';
import { applyWebhook } from './apply-webhook.ts';
import type { BillingDeps } from './deps.ts';
import { reconcile, type ReconcileReport } from './reconcile.ts';

const Payload = z.object({ webhook_event_id: z.string(), tried: z.int().default(0) });

type BillingChoresDeps = BillingDeps & { onReconciled?: (report: ReconcileReport) => void };

/** The chores of billing. Each may run twice. `onReconciled` hears what each comparison with a provider came to. */
export function billingChores(deps: BillingChoresDeps): Chores {
  return {
    reconcile_billing: async () => reconcile(deps, deps.onReconciled),
    apply_webhook: async (payload) => {
      const { webhook_event_id: id, tried } = Payload.parse(payload);
      await applyWebhook(deps, id, tried);
    },
    sweep_webhooks: async () => void (await sql`select public.sweep_webhooks()`.execute(deps.db.kysely)),
  };
}

export const billingSchedule: ScheduledChore[] = [
  { task: 'sweep_webhooks', when: '41 3 * * *' },
  { task: 'reconcile_billing', when: '17 * * * *' },
];
