import { describe, expect, test } from 'vitest';
import { type BusyWorker, type QueueState, simulateQueue, type WaitingJob } from './simulate-queue.ts';

const job = (id: string, changes: Partial<WaitingJob> = {}): WaitingJob => ({
  id,
  level: 6,
  waitedMs: 0,
  model: 'a',
  owner: 0,
  bypassed: 0,
  runMs: 3_000,
  ...changes,
});
const worker = (changes: Partial<BusyWorker> = {}): BusyWorker => ({
  models: ['a', 'b'],
  loaded: 'a',
  freeInMs: 0,
  ...changes,
});
const play = (jobs: WaitingJob[], target: string, state: Partial<QueueState> = {}) =>
  simulateQueue({ jobs, workers: [worker()], gpuMs: [0, 0, 0], loadMs: { a: 10_000, b: 10_000 }, ...state }).get(
    target,
  );

describe('a job starts', () => {
  test('at once on a free worker, and after the running job on a busy one', () => {
    expect(play([job('x')], 'x')).toEqual({ startMs: 0, loads: 0 });
    expect(play([job('x')], 'x', { workers: [worker({ freeInMs: 1_500 })] })).toEqual({ startMs: 1_500, loads: 0 });
  });

  test('after those ahead of it, shared by the workers', () => {
    const jobs = [job('1', { waitedMs: 40 }), job('2', { waitedMs: 30 }), job('3', { waitedMs: 20 }), job('x')];
    expect(play(jobs, 'x')?.startMs).toBe(9_000);
    expect(play(jobs, 'x', { workers: [worker(), worker({ freeInMs: 1_000 })] })?.startMs).toBe(4_000);
  });

  test('before an older one of a lower level, and before an older one whose model must be loaded', () => {
    expect(play([job('old', { level: 2, waitedMs: 5_000 }), job('x')], 'x')?.startMs).toBe(0);
    const jobs = [job('old', { model: 'b', waitedMs: 5_000 }), job('x')];
    expect(play(jobs, 'x')).toEqual({ startMs: 0, loads: 0 });
    expect(play(jobs, 'old')).toEqual({ startMs: 3_000, loads: 1 });
  });

  test('after a neighbour who used less of the GPUs lately', () => {
    const jobs = [job('x', { owner: 0, waitedMs: 10 }), job('y', { owner: 1 })];
    expect(play(jobs, 'x', { gpuMs: [600_000, 0] })?.startMs).toBe(3_000);
  });

  test('never where no worker has its model, whatever else runs', () => {
    expect(play([job('1'), job('x', { model: 'c' })], 'x')).toBeUndefined();
    expect(play([job('x')], 'x', { workers: [] })).toBeUndefined();
  });
});

test('a job is passed over at most twenty times', () => {
  const jobs = [
    job('x', { model: 'b', waitedMs: 10 }),
    ...Array.from({ length: 60 }, (_, i) => job(`${i}`, { runMs: 1, owner: 1 })),
  ];
  expect(play(jobs, 'x')).toEqual({ startMs: 20, loads: 1 });
});

test('the state that was handed in stays as it was', () => {
  const state = { jobs: [job('1', { waitedMs: 5 }), job('x')], workers: [worker()], gpuMs: [7], loadMs: {} };
  const before = structuredClone(state);
  simulateQueue(state);
  expect(state).toEqual(before);
});
