import { expect } from 'vitest';
import { test } from '#test/app.ts';
import { fuzzApi } from '#test/fuzz-api.ts';
import { scaled, tellFigure } from '#test/soak.ts';
import { injectEverywhere } from '#test/inject-everywhere.ts';
import { hostileStrings } from '#test/hostile-strings.ts';

test('1,000 random calls of every operation are answered as the document says', async ({ db, api, task }) => {
  const seed = Date.now() % 1_000_000;
  const perOperation = scaled(1_000);
  const { failures, made } = await fuzzApi({ db, api, perOperation, seed });
  expect(failures, `seed ${seed}`).toEqual([]);
  expect([...made].filter(([, { calls }]) => calls < perOperation)).toEqual([]);
  tellFigure(
    { task },
    'T29',
    `${perOperation} calls of each of ${[...made].length} operations (seed ${seed}): 0 answers against the document`,
  );
});

test('each of 300 hostile texts in each place that takes a text is a text', async ({ db, task }) => {
  const texts = scaled(hostileStrings.length);
  const { failures, bystanderChanged } = await injectEverywhere(db, texts);
  expect(failures).toEqual([]);
  expect(bystanderChanged).toEqual([]);
  tellFigure({ task }, 'T21', `${texts} hostile texts in each place: 0 changed anything but their own text`);
});
