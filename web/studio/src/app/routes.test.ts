import { expect, test } from 'vitest';
import pages from '../../pages.json' with { type: 'json' };
import { routes } from './routes.ts';

test('the server knows exactly the addresses that have a screen', () => {
  expect(routes.map(({ page }) => page).sort()).toEqual([...pages].sort());
});
