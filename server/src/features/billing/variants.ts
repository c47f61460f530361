import { findItem, type ItemId } from '@pingvas/domain';
import type { PaymentProvider } from '#adapters/payments/port.ts';
import type { Database } from '#platform/db/database.ts';

/** Which item of the catalogue a provider's variant is, or null when it is nothing of ours. One query, none where the settings say it. */
export async function findItemOfVariant(
  db: Database,
  { name, testMode, variants }: PaymentProvider,
  variantId: string,
): Promise<ItemId | null> {
  const given = Object.keys(variants).find((itemId) => variants[itemId] === variantId);
  if (given !== undefined) return findItem(given)?.id ?? null;
  const row = await db.kysely
    .selectFrom('payment_variant')
    .select('item_id')
    .where('provider', '=', name)
    .where('variant_id', '=', variantId)
    .where('test_mode', '=', testMode)
    .executeTakeFirst();
  return (row && findItem(row.item_id)?.id) ?? null;
}

/** The variant as which an item is sold now, or null when `billing sync` has not found it at this provider. One query, none where the settings say it. */
export async function findVariantOfItem(
  db: Database,
  { name, testMode, variants }: PaymentProvider,
  itemId: ItemId,
): Promise<string | null> {
  const given = variants[itemId];
  if (given !== undefined) return given;
  const row = await db.kysely
    .selectFrom('payment_variant')
    .select('variant_id')
    .where('provider', '=', name)
    .where('item_id', '=', itemId)
    .where('test_mode', '=', testMode)
    .orderBy('synced_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.variant_id ?? null;
}
