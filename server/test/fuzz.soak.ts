import { expect } from 'vitest';
import { test } from '#test/app.ts';
import { fuzzApi } from '#test/fuzz-api.ts';
import { injectEverywhere } from '#test/inject-everywhere.ts';
import { hostileStrings } from '#test/hostile-strings.ts';

test('1,000 random calls of every operation are answered as the document says', async ({ db, api }) => {
  const seed = Date.now() % 1_000_000;
  const { failures, made } = await fuzzApi({ db, api, perOperation: 1_000, seed });
  expect(failures, `seed ${seed}`).toEqual([]);
  expect([...made].filter(([, { calls }]) => calls < 1_000)).toEqual([]);
});

test('each of 300 hostile texts in each place that takes a text is a text', async ({ db }) => {
  const { failures, bystanderChanged } = await injectEverywhere(db, hostileStrings.length);
  expect(failures).toEqual([]);
  expect(bystanderChanged).toEqual([]);
});
