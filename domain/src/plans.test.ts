import { expect, test } from 'vitest';
import { apiCallMilli, gpuSecondMilli, packs, planOrder, plans, products } from './plans.ts';
import { toCredits } from './amounts.ts';

test('the offer is the published one', () => {
  const offer = planOrder.map((plan) => {
    const { monthlyUsdCents, yearlyUsdCents, creditsPerMonth, storageBytes, apiCallsPerMonth, priority } = plans[plan];
    const usd = (cents: number | null): number | null => (cents === null ? null : cents / 100);
    const credits = creditsPerMonth === null ? null : toCredits(creditsPerMonth);
    const gigabytes = storageBytes === null ? null : storageBytes / 1e9;
    return [plan, usd(monthlyUsdCents), usd(yearlyUsdCents), credits, gigabytes, apiCallsPerMonth, priority];
  });
  expect(offer).toEqual([
    ['free', 0, null, 100, 1, 0, 2],
    ['starter', 25, 250, 2_500, 10, 50, 4],
    ['pro', 75, 750, 7_500, 50, 500, 6],
    ['studio', 150, 1_500, 15_000, 200, 2_000, 8],
    ['enterprise', null, null, null, null, null, 10],
  ]);
  expect(planOrder.map((plan) => [plans[plan].runningMax, plans[plan].waitingMax, plans[plan].members])).toEqual([
    [1, 20, 1],
    [2, 200, 1],
    [4, 1_000, 1],
    [8, 5_000, 5],
    [32, 20_000, null],
  ]);
});

test('seven products and three packs are sold', () => {
  expect(products).toHaveLength(7);
  expect(products.map(({ id, priceUsdCents }) => [id, priceUsdCents])).toContainEqual(['pro_yearly', 75_000]);
  expect(packs.map((pack) => [toCredits(pack.credits), pack.priceUsdCents / 100])).toEqual([
    [1_000, 10],
    [5_000, 45],
    [20_000, 160],
  ]);
});

test('a GPU second costs a credit, an API call twenty', () => {
  expect([toCredits(gpuSecondMilli), toCredits(apiCallMilli)]).toEqual([1, 20]);
});
