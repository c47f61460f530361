import type { PriceSamples } from '@pingvas/domain';
import type { Clock } from '#platform/clock.ts';
import type { Database } from '#platform/db/database.ts';
import { remember } from './remember.ts';
import { selectTimings, type TimingRow } from './models.queries.ts';

/** Measured times of a model's images by their key (`timingKey`), on the slowest device class that may run it. */
export type Timings = ReadonlyMap<string, PriceSamples>;

export type TimingsReader = () => Promise<ReadonlyMap<string, Timings>>;

/** Reads the measured times of all models at most once in `freshMs`: they change once a minute, and every quote needs them. */
export function createTimings(db: Database, clock: Clock, freshMs: number): TimingsReader {
  return remember(clock, freshMs, async () => slowestByModel(await selectTimings(db)));
}

/**
 * The numbers a quote counts on. A device class speaks from twenty samples on; of those that do, the slowest one that a living worker of the model has
 * decides, or of all when none lives: where the job will run is not known yet, and the price must hold there.
 */
export function slowestByModel(rows: readonly TimingRow[]): ReadonlyMap<string, Timings> {
  const models = new Map<string, Map<string, PriceSamples & { alive: boolean }>>();
  for (const { modelId, shape, samples, p50Ms, p99Ms, alive } of rows) {
    const timings = models.get(modelId) ?? new Map<string, PriceSamples & { alive: boolean }>();
    models.set(modelId, timings);
    const before = timings.get(shape);
    const counts = before === undefined || (alive === before.alive ? p50Ms > before.p50Ms : alive);
    if (counts) timings.set(shape, { count: samples, p50Ms, p99Ms, alive });
  }
  return models;
}
