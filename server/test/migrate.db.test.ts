import { expect } from 'vitest';
import { test } from '#test/database.ts';

test('ids made by the database are version 7 and sort by time', async ({ db }) => {
  const { rows } = await db.owner.pool.query<{ id: string }>(
    'select public.new_id() as id from generate_series(1, 50) i, pg_sleep(0)',
  );
  for (const { id } of rows) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  const times = rows.map(({ id }) => id.slice(0, 13));
  expect(times).toEqual([...times].sort());
});

test('trigram search sees Hangul', async ({ db }) => {
  await db.owner.pool.query('create extension if not exists pg_trgm');
  const { rows } = await db.owner.pool.query("select array_length(show_trgm('한글 고양이'), 1) as n");
  expect(rows[0].n).toBe(7);
});
