import { sql } from 'kysely';
import { z } from 'zod';
import type { Chores, ScheduledChore } from '#platform/jobs/chores.ts';
import { applyWebhook } from './apply-webhook.ts';
import type { BillingDeps } from './deps.ts';

const Payload = z.object({ webhook_event_id: z.string() });

/** The chores of billing. Each may run twice. */
export function billingChores(deps: BillingDeps): Chores {
  return {
    apply_webhook: async (payload) => applyWebhook(deps, Payload.parse(payload).webhook_event_id),
    sweep_webhooks: async () => void (await sql`select public.sweep_webhooks()`.execute(deps.db.kysely)),
  };
}

export const billingSchedule: ScheduledChore[] = [{ task: 'sweep_webhooks', when: '41 3 * * *' }];
