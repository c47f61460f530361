import { sql } from 'kysely';
import {
  type PaymentProvider,
  PaymentProviderError,
  type ProviderEvent,
  type WebhookRequest,
} from '#adapters/payments/port.ts';
import { AppError } from '#platform/errors.ts';
import type { BillingDeps } from './deps.ts';

/**
 * Takes one delivery in: verified over its bytes, stored, and a chore caused to apply it; nothing else, so that it is answered while everything else is
 * down. Events we do not know are kept as well. Throws `webhook_not_verified`, and `webhook_refused` for a body that cannot be read or is of the other
 * mode (test or live).
 */
export async function receiveWebhook(
  { db, clock }: Pick<BillingDeps, 'db' | 'clock'>,
  provider: PaymentProvider,
  request: Pick<WebhookRequest, 'headers' | 'body'>,
): Promise<void> {
  if (!provider.verifyWebhook({ ...request, nowMs: clock.nowMs() })) throw new AppError('webhook_not_verified');
  const { name, deliveryKey, testMode } = translate(provider, request.body);
  if (testMode !== null && testMode !== provider.testMode) throw new AppError('webhook_refused');
  await sql`select public.store_webhook(${provider.name}, ${name.slice(0, 100)}, ${deliveryKey}, ${request.body})`.execute(
    db.kysely,
  );
}

function translate(provider: PaymentProvider, body: Buffer): ProviderEvent {
  try {
    return provider.translateWebhook(body);
  } catch (error) {
    if (error instanceof PaymentProviderError) throw new AppError('webhook_refused', { cause: error });
    throw error;
  }
}
