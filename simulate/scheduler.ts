import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { drawWaits } from './draw-waits.ts';
import { publishedFleet, runFleet } from './fleet.ts';
import { policies, type PolicyName } from './policies.ts';
import { makeTrace, publishedLoad } from './trace.ts';
import { quantile, type Waits, waitsOf } from './waits.ts';

const seeds = [1, 2, 3];
const names = Object.keys(policies) as PolicyName[];
const picture = path.join(import.meta.dirname, '../docs/images/scheduler-waits.svg');

const median = (values: number[]): number =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
const pooled = (runs: Waits[], of: 'paidS' | 'freeS'): number[] => runs.flatMap((run) => run[of]).sort((a, b) => a - b);

/** `npm run simulate`: four policies on the same traces; medians of three seeds, and a picture of the waits. */
export function simulateScheduler(): void {
  for (const perHour of [3_240, 3_600]) {
    const rows: Record<string, object> = {};
    const drawn = new Map<string, Waits[]>();
    for (const name of names) {
      const runs = seeds.map((seed) => {
        const trace = makeTrace({ ...publishedLoad, perHour }, seed);
        return waitsOf(runFleet(trace, publishedFleet, policies[name]));
      });
      drawn.set(name, runs);
      const middle = (of: (run: Waits) => number): number => Math.round(median(runs.map(of)) * 10) / 10;
      rows[name] = {
        'started/h': Math.round(median(runs.map(({ started }) => started)) / publishedLoad.hours),
        'loading %': middle(({ loadShare }) => loadShare * 100),
        'paid p50 s': middle(({ paidS }) => quantile(paidS, 0.5)),
        'paid p99 s': middle(({ paidS }) => quantile(paidS, 0.99)),
        'free p50 s': middle(({ freeS }) => quantile(freeS, 0.5)),
        'free p99 s': middle(({ freeS }) => quantile(freeS, 0.99)),
        'free longest s': middle(({ freeS }) => quantile(freeS, 1)),
      };
    }
    console.log(`\n${perHour} jobs an hour offered; 8 GPUs, 30 models, 4 h, medians of seeds ${seeds.join(', ')}`);
    console.table(rows);
    if (perHour === publishedLoad.perHour) draw(drawn);
  }
}

function draw(drawn: Map<string, Waits[]>): void {
  const curves = (of: 'paidS' | 'freeS') => names.map((name) => ({ name, valuesS: pooled(drawn.get(name) ?? [], of) }));
  mkdirSync(path.dirname(picture), { recursive: true });
  writeFileSync(
    picture,
    drawWaits([
      { title: 'Paid jobs: share that waited at most …', curves: curves('paidS') },
      { title: 'Free jobs', curves: curves('freeS') },
    ]),
  );
  console.log(`Waits drawn in ${path.relative(process.cwd(), picture)}`);
}
