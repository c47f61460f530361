// The picture of the README, taken from the running studio: the same words, seed and size each time.
import path from 'node:path';
import { openBrowser } from './browser.ts';
import { startProduct } from './product.ts';
import { signIn } from './sign-in.ts';

const file = path.join(import.meta.dirname, '../docs/images/studio.png');
const person = { email: 'picture@example.com', password: 'a rather long password' };
const prompts = ['해 질 녘 눈 덮인 산과 호수', '웃는 고양이', '푸른 바다 위의 고래'];

const browser = await openBrowser();
const product = await startProduct();
try {
  const { url } = product;
  const { email, password } = person;
  await product.pingvas('users', 'create', '--email', email, '--password', password, '--plan', 'pro', '--verified');
  const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 800 } });
  await signIn(context.request, url, person);
  const page = await context.newPage();
  await page.goto(`${url}/create`);
  for (const [at, prompt] of prompts.entries()) {
    const body = { prompt, count: 3, seed: String(at + 1) };
    await context.request.post(`${url}/api/v1/generate`, { data: body, headers: { origin: url } });
    const job = page.getByTestId('job').filter({ hasText: prompt });
    await job.getByRole('button', { name: '영수증' }).waitFor({ timeout: 120_000 });
  }
  await page.getByLabel('프롬프트', { exact: true }).fill(prompts.at(-1)!);
  await page.getByRole('button', { name: '건너뛰기' }).click();
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: file });
} finally {
  await browser.close();
  await product.stop();
}
console.log(`Written: ${file}`);
