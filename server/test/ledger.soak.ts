import { expect } from 'vitest';
import { test } from '#test/database.ts';
import { scaled, tellFigure } from '#test/soak.ts';
import { compareLedgers } from '#test/ledger-model.ts';

test('on 5,000 random histories of 300 commands SQL moves what the rules say', async ({ db, task }) => {
  const seed = Date.now() % 1_000_000;
  console.log('seed', seed);
  const histories = scaled(5_000);
  const seen = await compareLedgers({ db, histories, happenings: 300, seed, timeLimitMs: 3 * 3_600_000 });
  expect(seen['settle']).toBeGreaterThan(0);
  tellFigure({ task }, 'T02', `${histories} histories of 300 commands (seed ${seed}): ${JSON.stringify(seen)}`);
});
