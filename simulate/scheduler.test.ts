import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bypassMax } from '../domain/src/index.ts';
import { publishedFleet, runFleet } from './fleet.ts';
import { policies } from './policies.ts';
import { type Arrival, makeTrace, publishedLoad } from './trace.ts';
import { quantile, waitsOf } from './waits.ts';

const play = (perHour: number, seed: number, policy: keyof typeof policies) =>
  runFleet(makeTrace({ ...publishedLoad, perHour }, seed), publishedFleet, policies[policy]);

/** What waits when the trace ends, a few seconds of arrivals, is not a loss. */
const stillWaitingMax = 60;

test('eight GPUs serve 3,240 jobs an hour of thirty models completely: paid jobs start within 30 s, and no free one waits five minutes', () => {
  for (const seed of [1, 2, 3]) {
    const { started, offered, paidS, freeS } = waitsOf(play(3_240, seed, 'score'));
    expect(offered - started).toBeLessThan(stillWaitingMax);
    expect(quantile(paidS, 0.99)).toBeLessThanOrEqual(30);
    expect(quantile(freeS, 1)).toBeLessThanOrEqual(300);
    expect(started).toBeGreaterThan(1.5 * waitsOf(play(3_240, seed, 'first come')).started);
  }
});

test('beyond what eight GPUs can do the score still serves 1.6 times what first come, first served does, and paid jobs start within 60 s', () => {
  for (const seed of [1, 2, 3]) {
    const { started, paidS } = waitsOf(play(3_600, seed, 'score'));
    expect(started).toBeGreaterThan(1.6 * waitsOf(play(3_600, seed, 'first come')).started);
    expect(quantile(paidS, 0.99)).toBeLessThanOrEqual(60);
  }
});

test('no job that a strict order would take next is passed over more than its bound', () => {
  for (const perHour of [3_240, 3_600]) {
    const most = Math.max(...play(perHour, 4, 'score').starts.map(({ job }) => job.bypassed));
    expect(most).toBeLessThanOrEqual(bypassMax);
  }
});

const job = (id: number, changes: Partial<Arrival>): Arrival => ({
  id,
  atMs: id,
  model: 0,
  level: 6,
  workspace: 'first',
  runMs: 6_000,
  ...changes,
});

test.each([
  { gpuCount: 1, activeMax: 4 },
  { gpuCount: 1, activeMax: 8 },
  { gpuCount: 1, activeMax: 32 },
  { gpuCount: 1, activeMax: 1_000 },
  { gpuCount: 8, activeMax: 4 },
  { gpuCount: 8, activeMax: 8 },
  { gpuCount: 8, activeMax: 32 },
])(
  'a workspace with 1,000 jobs, $activeMax at once, delays the first job of another by at most one of its own on each of $gpuCount GPUs',
  ({ gpuCount, activeMax }) => {
    const arrivesMs = 60_000;
    const trace = [
      ...Array.from({ length: 1_000 }, (_, id) => job(id, {})),
      job(1_000, { atMs: arrivesMs, workspace: 'second' }),
      job(1_001, { atMs: 200_000, workspace: 'end' }),
    ];
    const { starts } = runFleet(trace, { ...publishedFleet, gpuCount, activeMax }, policies.score);
    const own = starts.find((start) => start.job.workspace === 'second')!;
    const between = starts.filter(
      ({ job: other, startMs }) => other.workspace === 'first' && startMs >= arrivesMs && startMs < own.startMs,
    );
    expect(between.length).toBeLessThanOrEqual(gpuCount);
    expect(own.startMs - arrivesMs).toBeLessThanOrEqual(6_000);
  },
);

test('whatever arrives: no job that is first in the strict order is passed over more than its bound, and a neighbour of the same level and model waits for one job of a crowd on each GPU', () => {
  const crowds = fc.record({
    gpuCount: fc.integer({ min: 1, max: 4 }),
    activeMax: fc.integer({ min: 1, max: 64 }),
    level: fc.constantFrom(2, 4, 6, 8),
    arrivesMs: fc.integer({ min: 1_000, max: 300_000 }),
    others: fc.array(
      fc.record({
        atMs: fc.integer({ min: 0, max: 300_000 }),
        model: fc.nat(3),
        level: fc.constantFrom(2, 4, 6, 8, 10),
        runMs: fc.integer({ min: 500, max: 20_000 }),
      }),
      { maxLength: 40 },
    ),
  });
  fc.assert(
    fc.property(crowds, ({ gpuCount, activeMax, level, arrivesMs, others }) => {
      const trace = [
        ...Array.from({ length: 300 }, () => job(0, { atMs: 0, level })),
        ...others.map((other, n) => job(0, { ...other, workspace: `other ${n}` })),
        job(0, { atMs: arrivesMs, level, workspace: 'second' }),
        job(0, { atMs: 2_500_000, workspace: 'end' }),
      ]
        .sort((a, b) => a.atMs - b.atMs)
        .map((each, id) => ({ ...each, id }));
      const { starts } = runFleet(trace, { ...publishedFleet, gpuCount, activeMax }, policies.score);
      const own = starts.find((start) => start.job.workspace === 'second')!;
      const between = starts.filter(
        ({ job: other, startMs }) => other.workspace === 'first' && startMs >= arrivesMs && startMs < own.startMs,
      );
      expect(between.length).toBeLessThanOrEqual(gpuCount);
      expect(Math.max(...starts.map((start) => start.job.bypassed))).toBeLessThanOrEqual(bypassMax);
    }),
    { numRuns: 60, seed: 20_261_127 },
  );
});

test('a job of level 2 under a steady load of level 10 starts once it has aged to that level: after four minutes and its turn among its equals', () => {
  const steady = Array.from({ length: 400 }, (_, id) =>
    job(id, { atMs: id * 3_000, level: 10, workspace: `other ${id}` }),
  );
  const trace = [...steady, job(400, { atMs: 10_000, level: 2, workspace: 'free' })]
    .sort((a, b) => a.atMs - b.atMs)
    .map((each, id) => ({ ...each, id }));
  // One GPU is offered twice what it can do, all of it of the highest level.
  const { starts } = runFleet(trace, { ...publishedFleet, gpuCount: 1 }, policies.score);
  const own = starts.find((start) => start.job.workspace === 'free');
  expect(own!.startMs - own!.job.atMs).toBeLessThanOrEqual(240_000 + bypassMax * 6_000);
});
