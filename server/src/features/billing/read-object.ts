import type { PaymentProvider, ProviderObject } from '#adapters/payments/port.ts';

/** What a verified delivery is about, looked up where it only names it; null for what concerns no money. Throws `PaymentProviderError`. */
export async function readObject(provider: PaymentProvider, body: Buffer): Promise<ProviderObject | null> {
  const { object } = provider.translateWebhook(body);
  return object?.kind === 'reference' ? provider.lookUp(object) : object;
}
