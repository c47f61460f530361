import { catalogue } from '@pingvas/domain';
import { sql } from 'kysely';
import type { PaymentProvider, ProviderShelf } from '#adapters/payments/port.ts';
import type { Database } from '#platform/db/database.ts';

/**
 * Finds (or makes, where the provider's API can) everything we sell at a provider, and keeps which of its variants is which item. An item whose variant has
 * changed is sold as the new one; the old variant still tells what older subscriptions are for. `admin` is role `pingvas_admin`. Resolves to the provider's
 * id of each item. Throws `PaymentProviderError` that names what is missing or sold at another price; then nothing is kept.
 */
export async function syncVariants(
  admin: Database,
  provider: PaymentProvider & ProviderShelf,
): Promise<Record<string, string>> {
  const variants = await provider.syncItems(catalogue);
  await admin.kysely
    .insertInto('payment_variant')
    .values(
      variants.map(({ itemId, variantId }) => ({
        provider: provider.name,
        variant_id: variantId,
        item_id: itemId,
        test_mode: provider.testMode,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['provider', 'variant_id']).doUpdateSet({
        item_id: sql<string>`excluded.item_id`,
        synced_at: sql<Date>`now()`,
      }),
    )
    .execute();
  return Object.fromEntries(variants.map(({ itemId, variantId }) => [itemId, variantId]));
}
