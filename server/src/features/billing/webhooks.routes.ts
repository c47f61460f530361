import { z } from 'zod';
import { type ProviderName, providerNames } from '#adapters/payments/port.ts';
import { AppError } from '#platform/errors.ts';
import type { HttpApp, Routes } from '#platform/http/route.ts';
import type { BillingDeps } from './deps.ts';
import { receiveWebhook } from './receive-webhook.ts';

/** A delivery of a provider: a few kilobytes, and room for custom data. */
const webhookBytesMax = 128_000;

const Params = z.strictObject({ provider: z.string().max(40) });
const isProvider = (name: string): name is ProviderName => providerNames.some((known) => known === name);

/** Where providers deliver. Its bodies are read as bytes, whatever they say they are: the signature covers them. */
export function webhookRoutes(deps: BillingDeps): Routes {
  return (app: HttpApp) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: webhookBytesMax }, (_request, body, done) =>
      done(null, body),
    );
    app.post(
      '/api/v1/webhooks/:provider',
      {
        bodyLimit: webhookBytesMax,
        config: { access: 'public', limit: 'none', problems: ['not_found', 'webhook_not_verified', 'webhook_refused'] },
        schema: {
          operationId: 'receiveWebhook',
          tags: ['billing'],
          summary: 'Where a payment provider delivers its events; signed by the provider',
          params: Params,
          response: { 200: z.object({ received: z.literal(true) }).meta({ id: 'WebhookReceived' }) },
        },
      },
      async (request) => {
        const { provider: name } = request.params;
        const provider = isProvider(name) ? deps.payments.get(name) : undefined;
        if (!provider) throw new AppError('not_found');
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        await receiveWebhook(deps, provider, { headers: request.headers, body });
        return { received: true as const };
      },
    );
  };
}
