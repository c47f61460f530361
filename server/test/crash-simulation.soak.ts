import { expect } from 'vitest';
import { simulateSeeds } from '#test/crash-simulation.ts';
import { test } from '#test/database.ts';
import { scaled, tellFigure } from '#test/soak.ts';

test('histories in which clients, workers and the sweep die between any two steps end whole', async ({ db, task }) => {
  const seeds = scaled(50_000);
  expect(await simulateSeeds(db, 1_000_000, seeds)).toBeUndefined();
  tellFigure({ task }, 'T28', `${seeds} seeds from 1,000,000: one job a wish, one charge, no row without its object`);
});
