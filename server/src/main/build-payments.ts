import { createLemonSqueezy } from '#adapters/payments/lemonsqueezy.ts';
import type { PaymentProvider, ProviderName, ProviderShelf } from '#adapters/payments/port.ts';
import { createSandboxProvider } from '#adapters/payments/sandbox.ts';
import { createStripe } from '#adapters/payments/stripe.ts';
import type { Config } from '#platform/config.ts';

type Settings = Pick<Config, 'production' | 'payments' | 'sandboxPayments' | 'lemonSqueezy' | 'stripe'>;
type Built = PaymentProvider & ProviderShelf;

const lemonSqueezyUrl = 'https://api.lemonsqueezy.com/v1';

/**
 * The providers that `PAYMENTS` names, in that order: new subscriptions are sold by the first, the others keep theirs. Throws, naming the setting, when one
 * lacks what it needs.
 */
export function buildPayments(config: Settings): Map<ProviderName, Built> {
  const providers = new Map<ProviderName, Built>();
  for (const name of config.payments) {
    if (name === 'sandbox') providers.set(name, buildSandbox(config));
    if (name === 'lemonsqueezy') providers.set(name, buildLemonSqueezy(config));
    if (name === 'stripe') providers.set(name, buildStripe(config));
  }
  return providers;
}

function buildSandbox({ sandboxPayments: { url, secret } }: Settings): Built {
  return createSandboxProvider({
    url: required('SANDBOX_PAYMENTS_URL', url),
    secret: required('SANDBOX_PAYMENTS_SECRET', secret),
  });
}

function buildLemonSqueezy({ lemonSqueezy }: Settings): Built {
  const { apiKey, storeId, webhookSecret, apiUrl, variants, testMode } = lemonSqueezy;
  return createLemonSqueezy({
    apiUrl: apiUrl ?? lemonSqueezyUrl,
    apiKey: required('LEMON_SQUEEZY_API_KEY', apiKey),
    storeId: required('LEMON_SQUEEZY_STORE_ID', storeId),
    webhookSecrets: required('LEMON_SQUEEZY_WEBHOOK_SECRET', webhookSecret).split(','),
    testMode,
    variants: Object.fromEntries(Object.entries(variants).map(([item, id]) => [item, String(id)])),
  });
}

function buildStripe({ stripe: { secretKey, webhookSecret, apiUrl } }: Settings): Built {
  return createStripe({
    secretKey: required('STRIPE_SECRET_KEY', secretKey),
    webhookSecrets: required('STRIPE_WEBHOOK_SECRET', webhookSecret).split(','),
    ...(apiUrl !== null && { apiUrl }),
  });
}

function required(name: string, value: string | null): string {
  if (value === null) throw new Error(`${name} must be set for this provider.`);
  return value;
}
