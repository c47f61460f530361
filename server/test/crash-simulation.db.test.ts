import { expect } from 'vitest';
import { test } from '#test/database.ts';
import { simulateSeeds } from '#test/crash-simulation.ts';

test('500 histories in which clients, workers and the sweep die between any two steps end whole: one job a wish, one charge, no row without its object', async ({
  db,
}) => {
  expect(await simulateSeeds(db, 1, 500)).toBeUndefined();
});
