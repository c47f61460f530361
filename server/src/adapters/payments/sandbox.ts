import { z } from 'zod';
import { createLemonSqueezy } from './lemonsqueezy.ts';
import { createLemonSqueezyClient } from './lemonsqueezy-client.ts';
import { readDispute, readOrder, Resource } from './lemonsqueezy-objects.ts';
import { parse } from './parse.ts';
import { PaymentProviderError, type PaymentProvider, type ProviderShelf } from './port.ts';

export type SandboxOptions = {
  /** Where the sandbox listens. */
  url: string;
  /** The key of its API, and what signs its webhooks. */
  secret: string;
};

/** More than anybody's sandbox holds; so no pages. */
const disputesMax = 100;

/** The provider of development. It speaks Lemon Squeezy's protocol and adds what that one lacks: charges without the buyer, and disputes. */
export function createSandboxProvider({ url, secret }: SandboxOptions): PaymentProvider & ProviderShelf {
  const access = { apiUrl: `${url}/v1`, apiKey: secret };
  const call = createLemonSqueezyClient(access);
  return {
    ...createLemonSqueezy({ ...access, storeId: '1', webhookSecrets: [secret], testMode: true }),
    name: 'sandbox',
    canCharge: true,
    charge: async ({ customerId, variantId, workspaceId, idempotencyKey }) => {
      const path = `/customers/${encodeURIComponent(customerId)}/charges`;
      const answer = await call({
        method: 'POST',
        path,
        type: 'charges',
        attributes: { variant_id: variantId, custom: { workspace_id: workspaceId } },
        idempotencyKey,
      }).catch((error: unknown) => {
        // A customer it does not know has no card.
        const unknown = error instanceof PaymentProviderError && error.kind === 'not_found';
        throw unknown ? new PaymentProviderError('refused', error.message) : error;
      });
      const { object } = readOrder(parse(z.looseObject({ data: Resource }), answer, path).data);
      return { ...object, workspaceId };
    },
    async *listDisputes({ updatedSince }) {
      const path = `/disputes?${new URLSearchParams({ 'page[size]': String(disputesMax) }).toString()}`;
      const { data } = parse(z.looseObject({ data: z.array(Resource) }), await call({ method: 'GET', path }), path);
      for (const resource of data) {
        const { object } = readDispute(resource);
        if (object.updatedAt >= updatedSince) yield object;
      }
    },
  };
}
