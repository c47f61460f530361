import Stripe from 'stripe';
import { PaymentProviderError } from './port.ts';

export type StripeClientOptions = {
  secretKey: string;
  /** Another place than Stripe's own, for tests. */
  apiUrl?: string;
  timeoutMs?: number;
  retriesMax?: number;
};

/**
 * The official SDK. It gives each try a time-out, and repeats what failed on the way or inside Stripe with back-off and one idempotency key for all tries. It
 * asks for the version of the API that it was made for, whatever the account's is.
 */
export function createStripeClient({
  secretKey,
  apiUrl,
  timeoutMs = 15_000,
  retriesMax = 3,
}: StripeClientOptions): Stripe {
  const at = apiUrl === undefined ? null : new URL(apiUrl);
  return new Stripe(secretKey, {
    timeout: timeoutMs,
    maxNetworkRetries: retriesMax,
    telemetry: false,
    ...(at && {
      protocol: at.protocol === 'http:' ? 'http' : 'https',
      host: at.hostname,
      ...(at.port !== '' && { port: at.port }),
    }),
  });
}

/** Test or live, by the key: there is no third. Throws, without the key, for what is no secret or restricted key. */
export function isTestKey(secretKey: string): boolean {
  const mode = /^[sr]k_(test|live)_/.exec(secretKey)?.[1];
  if (mode === undefined) throw new Error('STRIPE_SECRET_KEY must be a secret or restricted key: sk_… or rk_….');
  return mode === 'test';
}

/** Waits for an answer of Stripe; its errors become the port's. The message holds Stripe's words, which never hold the key. */
export async function answered<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    throw portError(error);
  }
}

/** All of a list, page after page as it is consumed; errors as `answered` gives them. */
export async function* listed<Thing>(list: AsyncIterable<Thing>): AsyncGenerator<Thing> {
  try {
    yield* list;
  } catch (error) {
    throw portError(error);
  }
}

/** The answer, or null when Stripe knows no such thing. */
export async function answeredOrNull<Answer>(work: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answered(work);
  } catch (error) {
    if (error instanceof PaymentProviderError && error.kind === 'not_found') return null;
    throw error;
  }
}

function portError(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const message = `${error.type} ${error.code ?? ''} ${error.message}`.slice(0, 500);
  return new PaymentProviderError(kindOf(error), message, { cause: error });
}

function kindOf(error: InstanceType<typeof Stripe.errors.StripeError>): PaymentProviderError['kind'] {
  const { StripeConnectionError, StripeAPIError, StripeRateLimitError } = Stripe.errors;
  if (error.statusCode === 404) return 'not_found';
  return [StripeConnectionError, StripeAPIError, StripeRateLimitError].some((kind) => error instanceof kind) ||
    (error.statusCode ?? 0) >= 500
    ? 'unavailable'
    : 'refused';
}
