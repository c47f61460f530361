/**
 * What is sold and what each plan may do: the one table that the server charges from and the web app shows.
 * Credits in milli-credits, prices in US cents, storage in bytes (1 GB = 10⁹). `null` = unlimited, or a matter of the contract.
 */
export type Plan = 'free' | 'starter' | 'pro' | 'studio' | 'enterprise';

export type PlanTerms = {
  name: string;
  monthlyUsdCents: number | null;
  yearlyUsdCents: number | null;
  creditsPerMonth: number | null;
  storageBytes: number | null;
  /** Generations submitted with an API key per period. */
  apiCallsPerMonth: number | null;
  /** Queue priority of a job submitted on this plan: 2 to 10, more is sooner. */
  priority: number;
  /** Jobs queued or running at once; what is beyond is backlogged. */
  runningMax: number;
  /** Jobs waiting behind that; what is beyond is refused. */
  waitingMax: number;
  members: number | null;
};

const credits = (amount: number): number => amount * 1_000;
const gigabytes = (amount: number): number => amount * 1_000_000_000;

export const plans: Readonly<Record<Plan, Readonly<PlanTerms>>> = {
  free: {
    name: 'Free',
    monthlyUsdCents: 0,
    yearlyUsdCents: null,
    creditsPerMonth: credits(100),
    storageBytes: gigabytes(1),
    apiCallsPerMonth: 0,
    priority: 2,
    runningMax: 1,
    waitingMax: 20,
    members: 1,
  },
  starter: {
    name: 'Starter',
    monthlyUsdCents: 25_00,
    yearlyUsdCents: 250_00,
    creditsPerMonth: credits(2_500),
    storageBytes: gigabytes(10),
    apiCallsPerMonth: 50,
    priority: 4,
    runningMax: 2,
    waitingMax: 200,
    members: 1,
  },
  pro: {
    name: 'Pro',
    monthlyUsdCents: 75_00,
    yearlyUsdCents: 750_00,
    creditsPerMonth: credits(7_500),
    storageBytes: gigabytes(50),
    apiCallsPerMonth: 500,
    priority: 6,
    runningMax: 4,
    waitingMax: 1_000,
    members: 1,
  },
  studio: {
    name: 'Studio',
    monthlyUsdCents: 150_00,
    yearlyUsdCents: 1_500_00,
    creditsPerMonth: credits(15_000),
    storageBytes: gigabytes(200),
    apiCallsPerMonth: 2_000,
    priority: 8,
    runningMax: 8,
    waitingMax: 5_000,
    members: 5,
  },
  enterprise: {
    name: 'Enterprise',
    monthlyUsdCents: null,
    yearlyUsdCents: null,
    creditsPerMonth: null,
    storageBytes: null,
    apiCallsPerMonth: null,
    priority: 10,
    runningMax: 32,
    waitingMax: 20_000,
    members: null,
  },
};

/** The order in which plans are shown, cheapest first. */
export const planOrder = ['free', 'starter', 'pro', 'studio', 'enterprise'] as const satisfies readonly Plan[];

export type ProductId =
  | 'starter_monthly'
  | 'starter_yearly'
  | 'pro_monthly'
  | 'pro_yearly'
  | 'studio_monthly'
  | 'studio_yearly'
  | 'enterprise';

/** A subscription that can be bought. `priceUsdCents` null: agreed by contract. */
export type Product = {
  id: ProductId;
  plan: Plan;
  interval: 'month' | 'year' | 'contract';
  priceUsdCents: number | null;
};

export const products: readonly Product[] = [
  { id: 'starter_monthly', plan: 'starter', interval: 'month', priceUsdCents: plans.starter.monthlyUsdCents },
  { id: 'starter_yearly', plan: 'starter', interval: 'year', priceUsdCents: plans.starter.yearlyUsdCents },
  { id: 'pro_monthly', plan: 'pro', interval: 'month', priceUsdCents: plans.pro.monthlyUsdCents },
  { id: 'pro_yearly', plan: 'pro', interval: 'year', priceUsdCents: plans.pro.yearlyUsdCents },
  { id: 'studio_monthly', plan: 'studio', interval: 'month', priceUsdCents: plans.studio.monthlyUsdCents },
  { id: 'studio_yearly', plan: 'studio', interval: 'year', priceUsdCents: plans.studio.yearlyUsdCents },
  { id: 'enterprise', plan: 'enterprise', interval: 'contract', priceUsdCents: null },
];

/** A one-off purchase of credits that never expire. */
export type Pack = { id: 'pack_1000' | 'pack_5000' | 'pack_20000'; credits: number; priceUsdCents: number };

export const packs: readonly Pack[] = [
  { id: 'pack_1000', credits: credits(1_000), priceUsdCents: 10_00 },
  { id: 'pack_5000', credits: credits(5_000), priceUsdCents: 45_00 },
  { id: 'pack_20000', credits: credits(20_000), priceUsdCents: 160_00 },
];

/** Surcharge of one accepted generation submitted with an API key, whatever its count. */
export const apiCallMilli = credits(20);

/** Price of a second of GPU time; one millisecond costs one milli-credit, for every device and model. */
export const gpuSecondMilli = credits(1);
