import type Stripe from 'stripe';
import { PaymentProviderError, type ProviderShelf, type ShelfItem } from './port.ts';
import { answered, listed } from './stripe-client.ts';

/** What a price of ours is found by; an account may hold others. */
const lookupKey = (item: ShelfItem): string => `pingvas_${item.id}`;
const currency = 'usd';

/**
 * Finds the catalogue's items by the lookup keys of prices, and makes a product with its price for each that is missing, once none is found to have drifted.
 */
export function createStripeShelf(stripe: Stripe): ProviderShelf {
  const findPrices = async (items: readonly ShelfItem[]): Promise<Map<string | null, Stripe.Price>> => {
    const found = new Map<string | null, Stripe.Price>();
    // Stripe takes ten keys at a time.
    for (let at = 0; at < items.length; at += 10) {
      const keys = items.slice(at, at + 10).map(lookupKey);
      for await (const price of listed(stripe.prices.list({ lookup_keys: keys, active: true, limit: 100 })))
        found.set(price.lookup_key, price);
    }
    return found;
  };
  return {
    syncItems: async (items) => {
      const prices = await findPrices(items);
      const problems = items.flatMap((item) => drift(item, prices.get(lookupKey(item))));
      if (problems.length > 0) throw new PaymentProviderError('refused', problems.join('; '));
      const sold: { itemId: string; variantId: string }[] = [];
      for (const item of items) {
        const price = prices.get(lookupKey(item)) ?? (await answered(makePrice(stripe, item)));
        sold.push({ itemId: item.id, variantId: price.id });
      }
      return sold;
    },
  };
}

function makePrice(stripe: Stripe, item: ShelfItem): Promise<Stripe.Price> {
  return stripe.prices.create({
    currency,
    unit_amount: item.priceCents,
    lookup_key: lookupKey(item),
    product_data: { name: item.name, metadata: { item_id: item.id } },
    ...(item.interval && { recurring: { interval: item.interval } }),
  });
}

function drift({ id, priceCents, interval }: ShelfItem, price: Stripe.Price | undefined): string[] {
  if (!price) return [];
  const every = price.recurring?.interval_count ?? 1;
  const unit = price.recurring?.interval ?? 'piece';
  const sold = price.unit_amount === null ? 'nothing fixed' : String(price.unit_amount);
  return [
    ...(price.unit_amount === priceCents && price.currency === currency
      ? []
      : [`${id}: costs ${sold} ${price.currency} there and ${priceCents} ${currency} here (cents)`]),
    ...(unit === (interval ?? 'piece') && every === 1
      ? []
      : [`${id}: is sold by ${every} ${unit} there and by the ${interval ?? 'piece'} here`]),
  ];
}
