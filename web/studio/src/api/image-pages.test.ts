import { expect, test } from 'vitest';
import { insertImage, removeImage } from './image-pages.ts';

const pagesOf = (...pages: string[][]) =>
  pages.map((ids, at) => ({
    data: ids.map((image_id) => ({ image_id })),
    next_cursor: at < pages.length - 1 ? ids.at(-1)! : null,
  }));
const idsOf = (pages: ReturnType<typeof pagesOf>) => pages.map(({ data }) => data.map(({ image_id }) => image_id));

test('a picture that comes back takes the place of its time, in either order', () => {
  const newest = pagesOf(['9', '7'], ['5', '3']);
  insertImage(newest, { image_id: '6' }, 'newest');
  expect(idsOf(newest)).toEqual([
    ['9', '7'],
    ['6', '5', '3'],
  ]);
  const oldest = pagesOf(['3', '5'], ['7', '9']);
  insertImage(oldest, { image_id: '4' }, 'oldest');
  expect(idsOf(oldest)).toEqual([
    ['3', '4', '5'],
    ['7', '9'],
  ]);
});

test('the oldest picture of a whole list is put at its end; one that belongs to a page not yet loaded is not', () => {
  const whole = pagesOf(['9', '7']);
  insertImage(whole, { image_id: '1' }, 'newest');
  expect(idsOf(whole)).toEqual([['9', '7', '1']]);
  const partly = [{ data: [{ image_id: '9' }], next_cursor: '9' }];
  insertImage(partly, { image_id: '1' }, 'newest');
  expect(partly[0]!.data).toHaveLength(1);
});

test('a picture is never there twice, and goes when it is removed', () => {
  const pages = pagesOf(['9', '7']);
  insertImage(pages, { image_id: '7' }, 'newest');
  expect(idsOf(pages)).toEqual([['9', '7']]);
  removeImage(pages, '9');
  expect(idsOf(pages)).toEqual([['7']]);
});

test('the first picture of an empty gallery is shown', () => {
  const pages = pagesOf([]);
  insertImage(pages, { image_id: '1' }, 'newest');
  expect(idsOf(pages)).toEqual([['1']]);
});
