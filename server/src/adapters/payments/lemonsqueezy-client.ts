import { setTimeout as delay } from 'node:timers/promises';
import { createPace } from './pace.ts';
import { PaymentProviderError } from './port.ts';

export type CallOptions = {
  method: 'GET' | 'POST' | 'PATCH';
  /** Behind the API's address; begins with a slash. */
  path: string;
  attributes?: Record<string, unknown>;
  relationships?: Record<string, { type: string; id: string }>;
  /** What is created, for JSON:API. */
  type?: string;
  id?: string;
  /** False: a second call could do it twice, so a lost answer is `unavailable` at once. */
  repeatable?: boolean;
  idempotencyKey?: string;
};

export type LemonSqueezyClient = (call: CallOptions) => Promise<unknown>;

export type ClientOptions = {
  apiUrl: string;
  apiKey: string;
  callsPerMinute?: number;
  timeoutMs?: number;
  nowMs?: () => number;
  waitMs?: (ms: number) => Promise<void>;
};

const backOffMs = [500, 2_000, 5_000];
const retryAfterMaxMs = 60_000;

/**
 * Calls the API: JSON:API both ways, a time-out for each try, new tries with back-off where a call may be repeated, never more than 300 calls a minute
 * (the limit in Lemon Squeezy's documents). Throws `PaymentProviderError`; its message holds the provider's words and never the key.
 */
export function createLemonSqueezyClient(options: ClientOptions): LemonSqueezyClient {
  const { apiUrl, apiKey, timeoutMs = 15_000, nowMs = Date.now } = options;
  const waitMs = options.waitMs ?? ((ms: number) => delay(ms));
  const pace = createPace({ callsPerMinute: options.callsPerMinute ?? 300, nowMs, waitMs });

  const tryOnce = async (call: CallOptions): Promise<Response> => {
    await pace();
    return fetch(apiUrl + call.path, {
      method: call.method,
      headers: {
        accept: 'application/vnd.api+json',
        'content-type': 'application/vnd.api+json',
        authorization: `Bearer ${apiKey}`,
        ...(call.idempotencyKey !== undefined && { 'idempotency-key': call.idempotencyKey }),
      },
      ...(call.attributes && { body: JSON.stringify(toBody(call)) }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  };

  return async (call) => {
    for (let tries = 0; ; tries += 1) {
      const pause = backOffMs[tries];
      let response: Response;
      try {
        response = await tryOnce(call);
      } catch (error) {
        if (pause === undefined || call.repeatable === false)
          throw new PaymentProviderError('unavailable', `${call.method} ${call.path}: no answer`, { cause: error });
        await waitMs(pause);
        continue;
      }
      // A call that was turned away for its number has done nothing; one that failed inside may have.
      const tryAgain = response.status === 429 || (response.status >= 500 && call.repeatable !== false);
      if (!tryAgain || pause === undefined) return read(call, response);
      await response.body?.cancel();
      const askedMs = Number(response.headers.get('retry-after')) * 1_000;
      await waitMs(askedMs > 0 ? Math.min(askedMs, retryAfterMaxMs) : pause);
    }
  };
}

function toBody({ type, id, attributes, relationships = {} }: CallOptions) {
  const links = Object.entries(relationships).map(([name, data]) => [name, { data }]);
  return {
    data: {
      type,
      ...(id !== undefined && { id }),
      attributes,
      ...(links.length > 0 && { relationships: Object.fromEntries(links) as unknown }),
    },
  };
}

async function read({ method, path }: CallOptions, response: Response): Promise<unknown> {
  const { status } = response;
  const text = await response.text().catch(() => '');
  const what = `${method} ${path}: ${status}`;
  if (status === 404) throw new PaymentProviderError('not_found', what);
  if (status === 429 || status >= 500) throw new PaymentProviderError('unavailable', what);
  if (status >= 400) throw new PaymentProviderError('refused', `${what} ${text.slice(0, 500)}`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PaymentProviderError('unreadable', `${what}: no JSON`, { cause: error });
  }
}
