import { expect, test } from 'vitest';
import { catalogue, findItem, subscriptionItem } from './catalogue.ts';

test('a provider sells six subscriptions and three packs, each with a price', () => {
  expect(catalogue.map(({ id, name, priceCents }) => [id, name, priceCents])).toEqual([
    ['starter_monthly', 'Starter, monthly', 25_00],
    ['starter_yearly', 'Starter, yearly', 250_00],
    ['pro_monthly', 'Pro, monthly', 75_00],
    ['pro_yearly', 'Pro, yearly', 750_00],
    ['studio_monthly', 'Studio, monthly', 150_00],
    ['studio_yearly', 'Studio, yearly', 1_500_00],
    ['pack_1000', '1,000 credits', 10_00],
    ['pack_5000', '5,000 credits', 45_00],
    ['pack_20000', '20,000 credits', 160_00],
  ]);
});

test('an item is found by its id, Enterprise is not for sale', () => {
  expect(findItem(subscriptionItem('studio', 'year'))).toMatchObject({ plan: 'studio', interval: 'year' });
  expect(findItem('enterprise')).toBeUndefined();
  expect(findItem('constructor')).toBeUndefined();
});
