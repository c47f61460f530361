import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { type Product, startProduct } from './product.ts';
import { barriers, overhang, visitScreens } from './screens.ts';

const person = { email: 'screens@example.com', password: 'a rather long password' };

let product: Product | undefined;
let browser: Browser | undefined;

beforeAll(async () => {
  browser = await openBrowser();
  product = await startProduct();
  const { email, password } = person;
  await product.pingvas('users', 'create', '--email', email, '--password', password, '--plan', 'pro', '--verified');
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

// Colours do not depend on the language, nor names on the theme: each is looked at once here; `npm run shots -w e2e` looks at all pairs.
test.each([
  ['ko-KR', 'light'],
  ['en-US', 'dark'],
] as const)('no screen has a barrier, nor hangs over the edge of a phone (%s, %s)', async (locale, colorScheme) => {
  const found: Record<string, string[]> = {};
  for await (const { screen, page } of visitScreens(browser!, product!.url, { locale, width: 390, person })) {
    await page.emulateMedia({ colorScheme });
    const broken = await barriers(page);
    if ((await overhang(page)) > 0) broken.push('hangs over the edge');
    if (broken.length > 0) found[screen] = broken;
  }
  expect(found).toEqual({});
});
