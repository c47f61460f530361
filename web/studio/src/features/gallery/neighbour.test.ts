import { expect, test } from 'vitest';
import type { GalleryRow, Placed } from './justify-rows.ts';
import { neighbourOf } from './neighbour.ts';

const line = (...pictures: [id: string, width: number][]): GalleryRow<Placed> => ({
  kind: 'pictures',
  height: 100,
  pictures: pictures.map(([image_id, width]) => ({
    picture: { image_id, width, height: 100, created_at: '2026-11-01T00:00:00Z' },
    width,
  })),
});
const rows = [
  line(['a', 100], ['b', 300]),
  { kind: 'month' as const, month: '2026-10', height: 40 },
  line(['c', 200], ['d', 200]),
];

test('left and right walk through all pictures, over the ends of rows', () => {
  expect(neighbourOf(rows, 'b', 'right')).toBe('c');
  expect(neighbourOf(rows, 'c', 'left')).toBe('b');
});

test('up and down lead to the nearest middle, over the head of a month', () => {
  expect(neighbourOf(rows, 'b', 'down')).toBe('d');
  expect(neighbourOf(rows, 'a', 'down')).toBe('c');
  expect(neighbourOf(rows, 'd', 'up')).toBe('b');
});

test('at an edge the picture stays', () => {
  expect(neighbourOf(rows, 'a', 'left')).toBe('a');
  expect(neighbourOf(rows, 'd', 'down')).toBe('d');
  expect(neighbourOf(rows, 'gone', 'left')).toBe('gone');
});
