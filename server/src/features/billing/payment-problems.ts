import { PaymentProviderError } from '#adapters/payments/port.ts';
import { AppError } from '#platform/errors.ts';

/** Waits for an answer of the provider; what it says no to, or does not say, becomes `payment_refused` or `payments_unavailable`. */
export async function asked<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof PaymentProviderError)) throw error;
    const away = error.kind === 'unavailable' || error.kind === 'unreadable';
    throw new AppError(away ? 'payments_unavailable' : 'payment_refused', {
      cause: error,
      ...(away && { headers: { 'retry-after': '60' } }),
    });
  }
}
