import { expect, test } from 'vitest';
import { justifyRows, type Placed } from './justify-rows.ts';

const measures = { width: 1_000, rowHeight: 240, gap: 2, headHeight: 48 };
const monthOf = (createdAt: string): string => createdAt.slice(0, 7);
const pictures = (...sizes: [width: number, height: number, month?: string][]): Placed[] =>
  sizes.map(([width, height, month = '2026-11'], at) => ({
    image_id: `image-${at}`,
    width,
    height,
    created_at: `${month}-15T00:00:00Z`,
  }));

test('a full row is exactly as wide as the page and not higher than asked', () => {
  const rows = justifyRows(pictures([512, 512], [512, 512], [768, 512], [512, 768], [512, 512]), measures, monthOf);
  const full = rows.find((row) => row.kind === 'pictures');
  expect(full?.height).toBeLessThanOrEqual(measures.rowHeight);
  const taken = full?.kind === 'pictures' ? full.pictures.reduce((sum, { width }) => sum + width, 0) : 0;
  expect(taken + measures.gap * ((full?.kind === 'pictures' ? full.pictures.length : 0) - 1)).toBeCloseTo(1_000);
});

test('every picture is placed once, in its order, in its own ratio', () => {
  const all = pictures(...Array.from({ length: 50 }, (_, at): [number, number] => [256 + (at % 3) * 256, 512]));
  const placed = justifyRows(all, measures, monthOf).flatMap((row) =>
    row.kind === 'pictures' ? row.pictures.map((one) => ({ ...one, height: row.height })) : [],
  );
  expect(placed.map(({ picture }) => picture)).toEqual(all);
  for (const { picture, width, height } of placed) expect(width / height).toBeCloseTo(picture.width / picture.height);
});

test('a month begins under its own head, and its last row is not stretched', () => {
  const rows = justifyRows(pictures([512, 512, '2026-11'], [512, 512, '2026-10']), measures, monthOf);
  expect(rows.map((row) => (row.kind === 'month' ? row.month : row.height))).toEqual(['2026-11', 240, '2026-10', 240]);
});

test('a banner fits the page of a phone and is no sliver', () => {
  const [, banner] = justifyRows(pictures([2_048, 128]), { ...measures, width: 390 }, monthOf);
  expect(banner).toMatchObject({ height: 130, pictures: [{ width: 390 }] });
});
