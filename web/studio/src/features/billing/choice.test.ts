import { expect, test } from 'vitest';
import { choiceOf } from './choice.ts';

test('a link chooses what is sold, by the month unless it says so, and nothing else', () => {
  expect(choiceOf('product=pro&interval=year')).toEqual({ product: 'pro', interval: 'year' });
  expect(choiceOf('product=starter')).toEqual({ product: 'starter', interval: 'month' });
  expect(choiceOf('product=enterprise')).toBeUndefined();
  expect(choiceOf('')).toBeUndefined();
});
