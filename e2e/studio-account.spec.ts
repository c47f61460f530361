import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { createClient } from './client.ts';
import { eventually, type Product, startProduct } from './product.ts';
import { totp } from './totp.ts';

const person = { email: 'account@example.com', password: 'a rather long password' };

let product: Product | undefined;
let browser: Browser | undefined;
let url: string;
let page: Page;
const contexts: BrowserContext[] = [];

async function newPage(): Promise<Page> {
  const context = await browser!.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(30_000);
  contexts.push(context);
  return context.newPage();
}

/** To the first question after the password. */
async function enterPassword(on: Page): Promise<void> {
  await on.goto(`${url}/sign-in?next=/account/security`);
  await on.getByLabel('이메일').fill(person.email);
  await on.getByLabel('비밀번호').fill(person.password);
  await on.getByLabel('비밀번호').press('Enter');
}

beforeAll(async () => {
  browser = await openBrowser();
  product = await startProduct();
  ({ url } = product);
  await product.pingvas(
    'users',
    'create',
    '--email',
    person.email,
    '--password',
    person.password,
    '--plan',
    'pro',
    '--verified',
  );
  page = await newPage();
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

test('the language changes at once and stays', async () => {
  await enterPassword(page);
  await page.getByRole('heading', { name: '2단계 인증' }).waitFor();
  await page.goto(`${url}/account`);
  await page.getByLabel('화면 언어').selectOption({ label: 'English' });
  await page.getByRole('heading', { name: 'Profile' }).waitFor();
  await page.reload();
  await page.getByLabel('Language').selectOption({ label: '한국어' });
  await page.getByRole('heading', { name: '내 정보' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('ko');
});

test('deleting the account takes the password, says the day, and can be taken back', async () => {
  await page.getByRole('button', { name: '계정 삭제' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('지금 비밀번호').fill('not the password');
  await dialog.getByRole('button', { name: '계정 삭제' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('지금 비밀번호').fill(person.password);
  await dialog.getByRole('button', { name: '계정 삭제' }).click();
  await page.getByText('삭제될 예정이에요.').waitFor();
  await page.getByRole('button', { name: '삭제 취소하기' }).click();
  await page.getByText('계정을 그대로 두기로 했어요.').waitFor();
  await page.getByRole('button', { name: '계정 삭제' }).waitFor();
});

test('a key made in the studio generates from a program, until its budget says stop', async () => {
  await page.goto(`${url}/usage/keys`);
  await page.getByRole('button', { name: 'API 키 만들기' }).click();
  await page.getByLabel('이름').fill('배포 서버');
  await page.getByLabel('한 달 예산').fill('25');
  await page.getByRole('button', { name: '만들기', exact: true }).click();
  const secret = await page.getByRole('dialog').getByRole('region', { name: '키를 만들었어요' }).innerText();
  expect(secret).toMatch(/^pv_live_/);
  await page.getByRole('dialog').getByRole('button', { name: '닫기' }).last().click();
  await page.getByRole('region', { name: '코드 예시' }).getByText(secret).first().waitFor();

  const program = createClient(url, secret);
  const first = await program.post('/api/v1/generate', { prompt: '웃는 고양이' });
  expect(first.status).toBe(202);
  const job = await eventually('the job of the program', async () => {
    const { body } = await program.get(`/api/v1/jobs/${first.body.job_id}`);
    return body.status === 'succeeded' ? body : undefined;
  });
  expect(job.charged_credits).toBeGreaterThan(20);
  const second = await program.post('/api/v1/generate', { prompt: '웃는 고양이' });
  expect([second.status, second.body.code]).toEqual([402, 'key_budget_exhausted']);

  await page.goto(`${url}/usage/transactions`);
  await page.getByRole('row', { name: /이미지 만들기/ }).waitFor();
  await page.goto(`${url}/usage/keys`);
  await page.getByRole('listitem', { name: '배포 서버' }).getByRole('button', { name: '없애기' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '없애기' }).click();
  await page.getByText('API 키가 없어요.').waitFor();
  expect((await program.get('/api/v1/jobs')).status).toBe(401);
});

test('with a second factor on, a sign-in asks for the app, and a recovery code opens once when the phone is lost', async () => {
  await page.goto(`${url}/account/security`);
  await page.getByRole('button', { name: '2단계 인증 켜기' }).click();
  await page.getByRole('dialog').getByLabel('지금 비밀번호').fill(person.password);
  await page.getByRole('button', { name: '다음' }).click();
  const secret = await page.getByRole('region', { name: '찍을 수 없으면' }).innerText();
  await page.getByLabel('6자리 숫자').fill(totp(secret));
  await page.getByRole('button', { name: '확인' }).click();
  const codes = (await page.getByRole('region', { name: '복구 코드' }).innerText()).split('\n');
  expect(codes.length).toBe(10);
  await page.getByRole('button', { name: '보관했어요' }).click();
  await page.getByText('켜져 있어요.').waitFor();

  const withPhone = await newPage();
  await enterPassword(withPhone);
  await withPhone.getByLabel('인증 앱의 6자리 숫자').fill('000000');
  await withPhone.getByRole('button', { name: '확인' }).click();
  await withPhone.getByText('코드가 맞지 않아요.').waitFor();
  // The code of the present step was used to switch it on; each works once.
  await withPhone.getByLabel('인증 앱의 6자리 숫자').fill(totp(secret, 1));
  await withPhone.getByRole('button', { name: '확인' }).click();
  await withPhone.getByText('켜져 있어요.').waitFor();

  const withoutPhone = await newPage();
  await enterPassword(withoutPhone);
  await withoutPhone.getByRole('button', { name: '휴대전화가 없어요.' }).click();
  await withoutPhone.getByLabel('복구 코드').fill(codes[0]!);
  await withoutPhone.getByRole('button', { name: '확인' }).click();
  await withoutPhone.getByText('켜져 있어요.').waitFor();

  // Both sign-ins are listed, and can be ended from here.
  await page.reload();
  await page.getByRole('button', { name: '끊기' }).first().click();
  await page.getByText('로그인을 끊었어요.').first().waitFor();
});
