import { type Pack, packs, type Plan, type ProductId, products } from './plans.ts';

/** A plan that money moves to and from at a provider; Enterprise is by contract and never sold there. */
export type PaidPlan = Exclude<Plan, 'free' | 'enterprise'>;
export type BillingInterval = 'month' | 'year';
export type SubscriptionItemId = Exclude<ProductId, 'enterprise'>;
export type ItemId = SubscriptionItemId | Pack['id'];

/** One thing a provider sells for us. Prices in US cents, credits in milli-credits. `interval` null: once. */
export type CatalogueItem =
  | {
      id: SubscriptionItemId;
      kind: 'plan';
      name: string;
      plan: PaidPlan;
      interval: BillingInterval;
      priceCents: number;
    }
  | { id: Pack['id']; kind: 'pack'; name: string; credits: number; interval: null; priceCents: number };

/** The currency of every price; an event in another one grants nothing. */
export const catalogueCurrency = 'USD';

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Everything that must exist at a provider, in the order in which it is shown. */
export const catalogue: readonly CatalogueItem[] = [
  ...products.flatMap(({ id, plan, interval, priceUsdCents }): CatalogueItem[] =>
    id === 'enterprise' || plan === 'free' || plan === 'enterprise' || interval === 'contract' || priceUsdCents === null
      ? []
      : [{ id, kind: 'plan', name: `${capital(plan)}, ${interval}ly`, plan, interval, priceCents: priceUsdCents }],
  ),
  ...packs.map((pack): CatalogueItem => {
    const amount = (pack.credits / 1_000).toLocaleString('en-US');
    return {
      id: pack.id,
      kind: 'pack',
      name: `${amount} credits`,
      credits: pack.credits,
      interval: null,
      priceCents: pack.priceUsdCents,
    };
  }),
];

/** The item of an id, or undefined when nothing of that name is sold. */
export function findItem(id: string): CatalogueItem | undefined {
  return catalogue.find((item) => item.id === id);
}

/** The id of a plan paid by the month or by the year. */
export function subscriptionItem(plan: PaidPlan, interval: BillingInterval): SubscriptionItemId {
  return `${plan}_${interval}ly`;
}
