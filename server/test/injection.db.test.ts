import { expect } from 'vitest';
import { test } from '#test/database.ts';
import { hostileStrings } from '#test/hostile-strings.ts';
import { injectEverywhere } from '#test/inject-everywhere.ts';

test('a hostile text in any field, parameter or header is a text: no 5xx, no statement it becomes part of', async ({
  db,
}) => {
  expect(new Set(hostileStrings).size).toBe(300);
  const { failures, bystanderChanged, places, requests } = await injectEverywhere(db, 20);
  expect(failures.slice(0, 30)).toEqual([]);
  expect(bystanderChanged).toEqual([]);
  expect(places).toBeGreaterThan(100);
  expect(requests).toBe(places * 20);
});
