import { randomFrom } from './random.ts';

/** A job of a trace. `id` counts up with its arrival, so that equal scores fall to the older one. */
export type Arrival = { id: number; atMs: number; model: number; level: number; workspace: string; runMs: number };

export type Load = {
  perHour: number;
  hours: number;
  /** Models wanted as by Zipf's law with exponent 1: the first as often as the second twice. */
  modelCount: number;
  paidShare: number;
  /** Share of the load that one workspace of each level brings; the rest is spread over 200. */
  hotShare: number;
  imageMs: number;
  /** Standard deviation of the logarithm of the time of a picture; 0 = all alike. */
  imageSpread: number;
};

/** The load of the published figures: thirty models, half of the jobs from one workspace, a fifth of them paid, 6 s a picture. */
export const publishedLoad: Load = {
  perHour: 3_240,
  hours: 4,
  modelCount: 30,
  paidShare: 0.2,
  hotShare: 0.5,
  imageMs: 6_000,
  imageSpread: 0,
};

const paidLevels = [4, 6, 8];

/** Poisson arrivals of one load, the same for one seed. No two jobs arrive in the same millisecond. */
export function makeTrace(load: Load, seed: number): Arrival[] {
  const random = randomFrom(seed);
  const weights = Array.from({ length: load.modelCount }, (_, i) => 1 / (i + 1));
  const total = weights.reduce((sum, weight) => sum + weight);
  const pickModel = (): number => {
    let rest = random() * total;
    return Math.max(
      0,
      weights.findIndex((weight) => (rest -= weight) < 0),
    );
  };
  const jobs: Arrival[] = [];
  for (let atMs = 0; ;) {
    atMs += Math.max(1, Math.round((-Math.log(1 - random()) * 3_600_000) / load.perHour));
    if (atMs > load.hours * 3_600_000) return jobs;
    const level = random() < load.paidShare ? (paidLevels[Math.floor(random() * paidLevels.length)] ?? 4) : 2;
    const tenant = random() < load.hotShare ? 0 : 1 + Math.floor(random() * 200);
    const model = pickModel();
    const runMs =
      load.imageSpread === 0 ? load.imageMs : Math.round(load.imageMs * Math.exp(load.imageSpread * normal(random)));
    jobs.push({ id: jobs.length, atMs, model, level, workspace: `${tenant} ${level}`, runMs });
  }
}

/** A standard normal number (Box–Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
