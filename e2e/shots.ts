// Pictures of every screen × Korean, English × light, dark × desktop, phone into e2e/shots/, to be looked at; says what axe and the edge complain about.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openBrowser } from './browser.ts';
import { startProduct } from './product.ts';
import { barriers, overhang, visitScreens } from './screens.ts';

const folder = path.join(import.meta.dirname, 'shots');
const person = { email: 'demo@pingvas.local', password: 'pingvas-demo' };
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);

const browser = await openBrowser();
const product = await startProduct({ DEMO: 'true' });
let complaints = 0;
try {
  for (const locale of ['ko-KR', 'en-US'])
    for (const [size, width] of [
      ['desktop', 1280],
      ['phone', 390],
    ] as const)
      for await (const { screen, page } of visitScreens(browser, product.url, { locale, width, person }))
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.evaluate(() => document.fonts.ready);
          const name = [screen.slice(1).replaceAll('/', '-') || 'landing', locale.slice(0, 2), colorScheme, size].join(
            '-',
          );
          await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
          const broken = await barriers(page);
          if ((await overhang(page)) > 0) broken.push('hangs over the edge');
          complaints += broken.length;
          for (const complaint of broken) console.log(`${name}: ${complaint}`);
        }
} finally {
  await browser.close();
  await product.stop();
}
console.log(`Pictures are in ${folder}. Complaints: ${complaints}.`);
process.exitCode = complaints > 0 ? 1 : 0;
