import { sql } from 'kysely';
import type { Database } from '#platform/db/database.ts';
import type { Metrics } from '#platform/telemetry.ts';

type ModelNumbers = { model: string; jobs: number; within: number; overrun: number; ratio: number };
const freshMs = 60_000;

/** Adds how well estimates fit to a process's metrics, by model, over the last day. One process is enough; the database is asked at most once a minute. */
export function addEstimateMetrics(metrics: Metrics, db: Database): void {
  let known: { atMs: number; numbers: Promise<ModelNumbers[]> } | undefined;
  const read = (): Promise<ModelNumbers[]> => {
    const nowMs = performance.now();
    if (!known || nowMs - known.atMs > freshMs) {
      const numbers = sql<{ numbers: ModelNumbers[] }>`select public.estimate_numbers() as numbers`
        .execute(db.kysely)
        .then(({ rows }) => rows[0]?.numbers ?? []);
      known = { atMs: nowMs, numbers };
      numbers.catch(() => (known = undefined));
    }
    return known.numbers;
  };
  const gauge = (name: string, help: string, field: Exclude<keyof ModelNumbers, 'model'>): void =>
    metrics.gauge(name, help, ['model'], async (set) => {
      for (const numbers of await read()) set({ model: numbers.model }, numbers[field]);
    });
  gauge('pingvas_estimate_jobs', 'Succeeded jobs of the last day whose estimate is judged', 'jobs');
  gauge('pingvas_estimate_within_half', 'Share of them that took 50 % to 150 % of the expected GPU time', 'within');
  gauge('pingvas_estimate_overrun', 'Share of them that took more than the ceiling, which is never charged', 'overrun');
  gauge('pingvas_estimate_ratio', 'Median of actual to expected GPU time', 'ratio');
}
