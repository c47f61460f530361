import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bypassMax,
  claimScore,
  type ClaimScoreInput,
  deadlinePaidMs,
  effectiveLevel,
  levelPoints,
} from './priority.ts';

fc.configureGlobal({ seed: 20_261_123 });

const fresh: ClaimScoreInput = { level: 6, waitedMs: 0, swapMs: 0, queuedOfModel: 1, recentGpuMs: 0, bypassed: 0 };
const score = (changes: Partial<ClaimScoreInput> = {}): number => claimScore({ ...fresh, ...changes });

const arbitraryInput: fc.Arbitrary<ClaimScoreInput> = fc.record({
  level: fc.integer({ min: 1, max: 10 }),
  waitedMs: fc.integer({ min: 0, max: 86_400_000 }),
  swapMs: fc.integer({ min: 0, max: 120_000 }),
  queuedOfModel: fc.integer({ min: 0, max: 1_000 }),
  recentGpuMs: fc.integer({ min: 0, max: 1_000_000_000 }),
  bypassed: fc.integer({ min: 0, max: 40 }),
});

test('a job of level 2 counts as level 10 after four minutes, and no sooner', () => {
  expect(effectiveLevel(2, 239_999)).toBe(9);
  expect(effectiveLevel(2, 240_000)).toBe(10);
  expect(effectiveLevel(2, 86_400_000)).toBe(10);
  expect(effectiveLevel(10, 0)).toBe(10);
});

test('scores are integers', () => {
  fc.assert(fc.property(arbitraryInput, (input) => Number.isSafeInteger(claimScore(input))));
});

test('waiting never lowers a score', () => {
  fc.assert(
    fc.property(
      arbitraryInput,
      fc.nat(600_000),
      (input, more) => claimScore({ ...input, waitedMs: input.waitedMs + more }) >= claimScore(input),
    ),
  );
});

test('a job passed over often enough goes before every job that was not', () => {
  fc.assert(
    fc.property(
      arbitraryInput,
      arbitraryInput,
      (passed, other) =>
        claimScore({ ...passed, bypassed: bypassMax }) >
        claimScore({ ...other, bypassed: Math.min(other.bypassed, bypassMax - 1) }),
    ),
  );
});

test('with all else equal the higher level goes first, whatever its workspace used', () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 9 }), fc.nat(1_000_000_000), (level, recentGpuMs) => {
      expect(score({ level: level + 1, recentGpuMs })).toBeGreaterThan(score({ level }));
    }),
  );
});

test('within a level the workspace that used less GPU time goes first', () => {
  expect(score({ recentGpuMs: 5_000 })).toBeGreaterThan(score({ recentGpuMs: 10_000 }));
  expect(score() - score({ recentGpuMs: 1_000_000_000 })).toBeLessThan(levelPoints);
});

test('a loaded model beats the highest level behind a cold load, until that job is near its deadline', () => {
  const loadedFree = score({ level: 2 });
  const coldEnterprise = (waitedMs: number): number => score({ level: 10, swapMs: 10_000, waitedMs });
  expect(loadedFree).toBeGreaterThan(coldEnterprise(0));
  expect(loadedFree).toBeLessThan(coldEnterprise(deadlinePaidMs));
});

test('jobs of the same model share its load', () => {
  expect(score({ swapMs: 10_000, queuedOfModel: 10 }) - score({ swapMs: 10_000 })).toBe(9_000);
  expect(score({ swapMs: 10_000, queuedOfModel: 1_000 })).toBe(score({ swapMs: 10_000, queuedOfModel: 32 }));
});
