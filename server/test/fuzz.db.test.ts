import { expect } from 'vitest';
import { test } from '#test/app.ts';
import { fuzzApi } from '#test/fuzz-api.ts';

test('50 random calls of every operation, in sequence and by anybody, are answered as the document says', async ({
  db,
  api,
}) => {
  const seed = 20_261_123;
  const { failures, made } = await fuzzApi({ db, api, perOperation: 50, seed });
  expect(failures, `seed ${seed}`).toEqual([]);
  expect(
    [...made].filter(([, { calls }]) => calls < 50),
    'called too seldom',
  ).toEqual([]);
  // Sequences have something to go on: what creates did create.
  for (const name of ['POST /api/v1/generate', 'POST /api/v1/quotes', 'POST /api/v1/uploads', 'POST /api/v1/api-keys'])
    expect(made.get(name)?.done, name).toBeGreaterThan(5);
});
