import { expect, test } from 'vitest';
import { newId } from './new-id.ts';

test('ids are version 7, sort by time and do not repeat', () => {
  const ids = Array.from({ length: 1_000 }, (_, at) => newId(1_700_000_000_000 + at));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(1_000);
});
