import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { eventually, type Product, startProduct } from './product.ts';

const person = { name: '김핑바', email: 'studio@example.com', password: 'a rather long password' };

let product: Product | undefined;
let browser: Browser | undefined;
let url: string;
let context: BrowserContext;
let page: Page;
/** What a developer would see in red: errors of the page, and refusals of the content security policy. */
const complaints: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  product = await startProduct({ CAPTCHA: 'altcha' });
  ({ url } = product);
  context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(30_000);
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('console', (message) => {
    // A preview is gone when its job has ended meanwhile.
    if (message.type() === 'error' && !message.location().url.includes('/preview?'))
      complaints.push(`${message.text()} ${message.location().url}`);
  });
  page = await context.newPage();
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const button = (name: string | RegExp) => page.getByRole('button', { name });
/** Chooses one of several side by side, by what is written on it. */
const choose = (group: string, name: string) =>
  page.getByRole('group', { name: group }).getByText(name, { exact: true }).click();
const jobs = () => page.getByTestId('job');
const creditsLeft = async (): Promise<number> =>
  Number(((await page.getByTestId('credits-left').first().textContent()) ?? '').replaceAll(',', ''));

/** Rules of WCAG 2.2 A and AA that the page breaks seriously, with the elements. */
async function barriers(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** How far the page can be moved sideways, in pixels. */
const overhang = (): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('a newcomer signs up in Korean, opens the link in the mail and is let in', async () => {
  await page.goto(url);
  await page.getByRole('heading', { level: 1, name: '떠오르는 말을 이미지로.' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('ko');
  expect((await context.request.get(`${url}/favicon.ico`)).headers()['content-type']).toBe('image/svg+xml');
  expect(await barriers()).toEqual([]);

  await page.getByRole('link', { name: '무료로 시작하기', exact: true }).first().click();
  expect(new URL(page.url()).pathname).toBe('/sign-up');
  await page.getByLabel('이름').fill(person.name);
  await page.getByLabel('이메일').fill(person.email);
  await page.getByLabel('비밀번호').fill(person.password);
  await button('가입하기').click();
  await page.getByText('확인 메일을 보냈어요').waitFor();

  const link = await eventually('the verification mail', async () => {
    const { data } = (await (await page.request.get(`${url}/dev/mail/messages`)).json()) as {
      data: { id: string; to: string }[];
    };
    const mail = data.find(({ to }) => to === person.email);
    if (!mail) return undefined;
    const message = await page.request.get(`${url}/dev/mail/messages/${mail.id}`);
    return ((await message.json()) as { links: string[] }).links.find((address) => address.includes('verify'));
  });
  await page.goto(link);
  // A member's page leads to the door, and back to itself.
  await page.goto(`${url}/usage`);
  await page.getByLabel('이메일').fill(person.email);
  await page.getByLabel('비밀번호').fill('not the password');
  await page.getByLabel('비밀번호').press('Enter');
  await page.getByText('이메일이나 비밀번호가 맞지 않아요.').waitFor();
  expect(complaints.splice(0)).toEqual([expect.stringContaining('401')]);
  await page.getByLabel('비밀번호').fill(person.password);
  await page.getByLabel('비밀번호').press('Enter');
  await page.getByRole('heading', { name: '사용량' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/usage');
  expect(await barriers()).toEqual([]);
  await page.getByRole('link', { name: '만들기' }).filter({ visible: true }).click();
  await page.getByText('아직 만든 이미지가 없어요').waitFor();
  await eventually('the free credits', async () => ((await creditsLeft()) === 100 ? true : undefined));
  expect(await barriers()).toEqual([]);
});

test('a stranger sees what it costs, by the month and by the year', async () => {
  const stranger = await browser!.newContext({ locale: 'ko-KR' });
  const plans = await stranger.newPage();
  await plans.goto(`${url}/plans`);
  const pro = plans.getByRole('listitem', { name: 'Pro', exact: true });
  await pro.getByText('$75/월').waitFor();
  await plans.getByText('해마다').click();
  await pro.getByText('$750/년').waitFor();
  await pro.getByText('매달 내는 것보다 $150 덜 내요').waitFor();
  await plans.getByRole('link', { name: '로그인' }).click();
  await plans.getByRole('link', { name: '비밀번호를 잊었어요' }).click();
  await plans.getByLabel('이메일').fill('nobody@example.com');
  await plans.getByRole('button', { name: '메일 받기' }).click();
  await plans.getByText('계정이 있다면 재설정 메일을 보냈어요').waitFor();
  await stranger.close();
});

test('the price is on the button, the picture comes, and the receipt adds up', async () => {
  await page.getByLabel('프롬프트', { exact: true }).fill('웃는 고양이');
  await button(/^만들기 · 약 \d/).waitFor();
  await page.getByText(/최대 [\d.]+ · 남은 크레딧 100/).waitFor();
  await page.getByLabel('프롬프트', { exact: true }).press('Control+Enter');
  const job = jobs().first();
  await job.getByRole('button', { name: '영수증' }).waitFor();
  expect(await job.getAttribute('data-status')).toBe('succeeded');
  const picture = job.getByRole('img', { name: '웃는 고양이' });
  await eventually('the picture to be visible', async () =>
    (await picture.evaluate(
      (image: HTMLImageElement) => image.naturalWidth > 0 && getComputedStyle(image).opacity === '1',
    ))
      ? true
      : undefined,
  );

  await job.getByRole('button', { name: '영수증' }).click();
  const lines = job.getByTestId('receipt').getByRole('list').last().getByRole('listitem');
  await lines.first().waitFor();
  const amounts = await lines.locator('span:last-child').allInnerTexts();
  const milli = amounts.map((text) => Math.round(Number(text) * 1_000));
  expect(milli.length).toBeGreaterThan(1);
  expect(milli.slice(0, -1).reduce((sum, amount) => sum + amount, 0)).toBe(milli.at(-1));
  await job.getByText('불러오기와 업로드는 무료예요').waitFor();
  expect(await barriers()).toEqual([]);
});

test('a job that waits can be cancelled and costs nothing', async () => {
  // One job at once on Free: a long one of eight images makes the next wait.
  const long = await page.request.post(`${url}/api/v1/generate`, {
    headers: { origin: url },
    data: { prompt: '무지개', steps: 30, count: 8 },
  });
  expect(long.status()).toBe(202);
  await choose('장수', '8');
  await button(/^만들기 · 약 \d/).click();
  const waiting = jobs().filter({ hasText: '웃는 고양이' }).first();
  await waiting.getByRole('button', { name: '취소' }).click();
  await waiting.getByText('취소했어요.').waitFor();
  expect(await waiting.getAttribute('data-status')).toBe('cancelled');
  expect(await waiting.getByRole('button', { name: '영수증' }).count()).toBe(0);
  // The long one has done its part; the next test need not wait for it.
  const { job_id: longId } = (await long.json()) as { job_id: string };
  const ended = await page.request.post(`${url}/api/v1/jobs/${longId}/cancel`, { headers: { origin: url } });
  expect(ended.status()).toBe(200);
});

test('when the answer to a submit is lost, trying again pays once', async () => {
  const keys: (string | undefined)[] = [];
  await page.route('**/api/v1/generate', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    const answer = await route.fetch();
    if (keys.length === 1) await route.abort('connectionreset');
    else await route.fulfill({ response: answer });
  });
  const before = await jobs().count();
  await choose('장수', '1');
  await page.getByLabel('프롬프트', { exact: true }).fill('로켓');
  await button(/^만들기 · 약 \d/).click();
  await page.getByRole('alert').filter({ hasText: '연결하지 못했어요.' }).waitFor();
  await button(/^만들기 · 약 \d/).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await jobs().filter({ hasText: '로켓' }).getByRole('button', { name: '영수증' }).waitFor();
  expect(keys[0]).toBe(keys[1]);
  expect(await jobs().count()).toBe(before + 1);
  expect(complaints.splice(0)).toEqual([expect.stringContaining('ERR_CONNECTION_RESET')]);
});

test('on a phone nothing hangs over the edge, and signing out forgets the person', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overhang()).toBe(0);
  await button('내 메뉴').filter({ visible: true }).click();
  await page.getByRole('menuitem', { name: '로그아웃' }).click();
  await page.getByRole('heading', { level: 1, name: '떠오르는 말을 이미지로.' }).waitFor();
  expect(await overhang()).toBe(0);
  expect((await page.request.get(`${url}/api/v1/me`)).status()).toBe(401);
  await button('English').click();
  await page.getByRole('heading', { level: 1, name: 'Images from the words you have in mind.' }).waitFor();
  expect(await barriers()).toEqual([]);
  expect(complaints).toEqual([]);
});

test('a link to any screen works, a wrong one says so, and neither hides the answers of the API', async () => {
  const deep = await page.request.get(`${url}/usage`, { headers: { accept: 'text/html' } });
  expect([deep.status(), await deep.text()]).toEqual([200, expect.stringContaining('id="root"')]);
  const wrong = await page.goto(`${url}/nothing/here`);
  expect(wrong?.status()).toBe(404);
  await page.getByRole('link', { name: 'Go to the start' }).waitFor();
  const program = await page.request.get(`${url}/api/v1/nothing`, { headers: { accept: 'text/html' } });
  expect([program.status(), (await program.json()).code]).toEqual([404, 'not_found']);
});
