import { z } from 'zod';
import type { Resource } from './lemonsqueezy-objects.ts';
import { parse } from './parse.ts';
import { PaymentProviderError, type ProviderShelf, type ShelfItem } from './port.ts';

const id = z.union([z.string(), z.number()]).transform(String);
const Named = z.looseObject({ name: z.string() });
const Variant = z.looseObject({ product_id: id, name: z.string() });
const Price = z.looseObject({
  variant_id: id,
  unit_price: z.int().nullable(),
  renewal_interval_unit: z.string().nullish(),
  renewal_interval_quantity: z.int().nullish(),
});

/** All resources of a list, page after page. */
type List = (path: string) => Promise<Resource[]>;

/**
 * Finds the catalogue's items among the variants of a store. Products cannot be made by the API, so the operator makes them; an item is the variant that
 * the settings name, or the one whose own or whose product's name is the item's.
 */
export function createShelf(list: List, known: Readonly<Record<string, string>>): ProviderShelf {
  return {
    syncItems: async (items) => {
      const [products, variants, prices] = await Promise.all([list('/products'), list('/variants'), list('/prices')]);
      const productNames = new Map(products.map((one) => [one.id, parse(Named, one.attributes, 'product').name]));
      const sold = variants.map((one) => {
        const { name, product_id: productId } = parse(Variant, one.attributes, `variant ${one.id}`);
        return { id: one.id, names: [name, productNames.get(productId)], price: priceOf(one.id, prices) };
      });
      const problems: string[] = [];
      const found: { itemId: string; variantId: string }[] = [];
      for (const item of items) {
        const named = known[item.id];
        const matching = sold.filter((one) => (named === undefined ? one.names.includes(item.name) : one.id === named));
        const [variant] = matching;
        if (!variant || matching.length > 1)
          problems.push(
            `${item.id}: ${matching.length === 0 ? 'no variant is' : 'several variants are'} named "${named ?? item.name}"`,
          );
        else {
          problems.push(...drift(item, variant.price));
          found.push({ itemId: item.id, variantId: variant.id });
        }
      }
      if (problems.length > 0) throw new PaymentProviderError('refused', problems.join('; '));
      return found;
    },
  };
}

type SoldPrice = { cents: number | null; unit: string | null; every: number };

/** The newest price counts: older ones stay for those who subscribed at them. */
function priceOf(variantId: string, prices: readonly Resource[]): SoldPrice | undefined {
  const own = prices
    .map((one) => ({ number: Number(one.id), read: parse(Price, one.attributes, `price ${one.id}`) }))
    .filter(({ read }) => read.variant_id === variantId)
    .sort((a, b) => b.number - a.number)[0]?.read;
  return (
    own && { cents: own.unit_price, unit: own.renewal_interval_unit ?? null, every: own.renewal_interval_quantity ?? 1 }
  );
}

function drift({ id: item, priceCents, interval }: ShelfItem, price: SoldPrice | undefined): string[] {
  if (!price) return [`${item}: has no price`];
  return [
    ...(price.cents === priceCents
      ? []
      : [`${item}: costs ${price.cents ?? 'nothing'} there and ${priceCents} here (cents)`]),
    ...(price.unit === interval && price.every === 1
      ? []
      : [`${item}: is sold by the ${price.unit ?? 'piece'} there and by the ${interval ?? 'piece'} here`]),
  ];
}
