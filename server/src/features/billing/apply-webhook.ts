import { sql } from 'kysely';
import type { ProviderName } from '#adapters/payments/port.ts';
import { applyObject, type Outcome } from './apply-object.ts';
import type { BillingDeps } from './deps.ts';
import { readObject } from './read-object.ts';

/** What news of a payment lacks when it overtakes the news of what it belongs to. */
const early = new Set<Outcome | 'ignored'>(['no_workspace', 'no_subscription', 'no_payment']);
/** When such a delivery is looked at again, seconds: first at once, for the other one is on its way; then in case the provider tries that again. */
const againAfterS = [1, 4, 16, 64, 256, 1_024];

/**
 * Applies one delivery of the inbox and writes down what came of it. A second time it changes nothing. Deliveries are applied side by side, so a payment may
 * come before its subscription: then it is tried again, `tried` times so far. Throws what should be tried again anyway: the provider or the database does not
 * answer, or the provider is not configured at present.
 */
export async function applyWebhook(deps: BillingDeps, webhookEventId: string, tried = 0): Promise<void> {
  const { rows } = await sql<{
    provider: ProviderName;
    body: Buffer | null;
  }>`select provider, body from public.find_webhook(${webhookEventId})`.execute(deps.db.kysely);
  const [event] = rows;
  if (!event?.body) return;
  const provider = deps.payments.get(event.provider);
  if (!provider) throw new Error(`The provider ${event.provider} is not configured; its events wait.`);
  const object = await readObject(provider, event.body);
  const outcome = object === null ? 'ignored' : await applyObject(deps, provider, object);
  await sql`select public.end_webhook(${webhookEventId}, ${outcome})`.execute(deps.db.kysely);
  const waitS = againAfterS[tried];
  if (early.has(outcome) && waitS !== undefined)
    await sql`select graphile_worker.add_job('apply_webhook', ${JSON.stringify({ webhook_event_id: webhookEventId, tried: tried + 1 })}::json,
      run_at => now() + ${waitS} * interval '1 second', job_key => ${`apply_webhook:${webhookEventId}`})`.execute(
      deps.db.kysely,
    );
}
