import { expect, test } from 'vitest';
import { keepExisting, nothingSelected, selectRange, toggleOne } from './selection.ts';

const order = ['a', 'b', 'c', 'd', 'e'];

test('a picture is chosen by one touch and let go by the next', () => {
  const chosen = toggleOne(nothingSelected, 'b');
  expect([...chosen.ids]).toEqual(['b']);
  expect([...toggleOne(chosen, 'b').ids]).toEqual([]);
});

test('shift chooses the range from the last touched picture, in either direction, and keeps what was chosen', () => {
  const chosen = toggleOne(toggleOne(nothingSelected, 'e'), 'c');
  expect([...selectRange(chosen, 'a', order).ids].sort()).toEqual(['a', 'b', 'c', 'e']);
  expect([...selectRange(chosen, 'd', order).ids].sort()).toEqual(['c', 'd', 'e']);
});

test('shift without an anchor chooses the picture itself', () => {
  expect([...selectRange(nothingSelected, 'd', order).ids]).toEqual(['d']);
});

test('what has gone is no longer chosen', () => {
  const chosen = toggleOne(toggleOne(nothingSelected, 'a'), 'c');
  expect([...keepExisting(chosen, ['b', 'c']).ids]).toEqual(['c']);
  expect(keepExisting(chosen, order)).toBe(chosen);
});
