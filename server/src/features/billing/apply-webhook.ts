import { sql } from 'kysely';
import type { ProviderName } from '#adapters/payments/port.ts';
import { applyObject } from './apply-object.ts';
import type { BillingDeps } from './deps.ts';

/**
 * Applies one delivery of the inbox and writes down what came of it. A second time it changes nothing. Throws what should be tried again: the provider or the
 * database does not answer, or the provider is not configured at present.
 */
export async function applyWebhook(deps: BillingDeps, webhookEventId: string): Promise<void> {
  const { rows } = await sql<{
    provider: ProviderName;
    body: Buffer | null;
  }>`select provider, body from public.find_webhook(${webhookEventId})`.execute(deps.db.kysely);
  const [event] = rows;
  if (!event?.body) return;
  const provider = deps.payments.get(event.provider);
  if (!provider) throw new Error(`The provider ${event.provider} is not configured; its events wait.`);
  const { object } = provider.translateWebhook(event.body);
  const outcome = object === null ? 'ignored' : await applyObject(deps, provider, object);
  await sql`select public.end_webhook(${webhookEventId}, ${outcome})`.execute(deps.db.kysely);
}
