import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { eventually, type Product, startProduct } from './product.ts';
import { barriers } from './screens.ts';

const newcomer = { name: '김붓', email: 'buyer@example.com', password: 'a rather long password' };
// A second address of the same mailbox has no credits of its own this month.
const known = { email: 'painter@gmail.com', password: 'a rather long password' };
const empty = { email: 'painter+again@gmail.com', password: 'a rather long password' };

let product: Product | undefined;
let browser: Browser | undefined;
let url: string;
const contexts: BrowserContext[] = [];

async function newPage(): Promise<Page> {
  const context = await browser!.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(30_000);
  contexts.push(context);
  return context.newPage();
}

async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel('이메일').fill(email);
  await page.getByLabel('비밀번호').fill(password);
  await page.getByLabel('비밀번호').press('Enter');
}

/** The link of the mail that proves the address. */
const proofLink = (page: Page, to: string): Promise<string> =>
  eventually('the verification mail', async () => {
    const { data } = (await (await page.request.get(`${url}/dev/mail/messages`)).json()) as {
      data: { id: string; to: string }[];
    };
    const mail = data.find((message) => message.to === to);
    if (!mail) return undefined;
    const message = await page.request.get(`${url}/dev/mail/messages/${mail.id}`);
    return ((await message.json()) as { links: string[] }).links.find((address) => address.includes('verify'));
  });

/** On the sandbox's page, with the card that works; comes back to billing. */
async function pay(page: Page): Promise<void> {
  await page.getByText('정상 결제', { exact: false }).first().click();
  await page.getByRole('button', { name: '결제하기' }).click();
  await page.getByText(/크레딧이 들어왔어요/).waitFor();
}

async function createPicture(page: Page, prompt: string): Promise<void> {
  const job = page.getByTestId('job').filter({ hasText: prompt }).first();
  await job.getByRole('button', { name: '영수증' }).waitFor();
  expect(await job.getAttribute('data-status')).toBe('succeeded');
}

beforeAll(async () => {
  browser = await openBrowser();
  product = await startProduct();
  ({ url } = product);
  for (const { email, password } of [known, empty])
    await product.pingvas('users', 'create', '--email', email, '--password', password, '--verified');
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

test('a stranger who chooses Pro signs up, pays, and creates with the credits of the plan', async () => {
  const page = await newPage();
  await page.goto(`${url}/plans`);
  await page.getByRole('link', { name: 'Pro 시작하기' }).click();
  await page.getByLabel('이름').fill(newcomer.name);
  await page.getByLabel('이메일').fill(newcomer.email);
  await page.getByLabel('비밀번호').fill(newcomer.password);
  await page.getByRole('button', { name: '가입하기' }).click();
  await page.getByText('확인 메일을 보냈어요').waitFor();
  // The mail is read on another device, which has to know the password.
  const elsewhere = await newPage();
  await elsewhere.goto(await proofLink(page, newcomer.email));
  await elsewhere.getByLabel('비밀번호').fill(newcomer.password);
  await elsewhere.getByRole('button', { name: '계속' }).click();
  await elsewhere.getByRole('heading', { name: '이메일 주소가 확인됐어요' }).waitFor();

  // What was chosen is still chosen behind the door.
  await page.getByRole('link', { name: '로그인' }).last().click();
  await signIn(page, newcomer);
  await page.getByRole('dialog').getByText('$75/월').waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: '결제하러 가기' }).click();
  await pay(page);
  await page.getByRole('region', { name: '지금 쓰는 요금제' }).getByText('Pro').waitFor();
  await page.getByText(/에 다시 결제해요/).waitFor();
  await page.getByRole('region', { name: '결제 내역' }).getByText('결제됨').waitFor();
  expect(await barriers(page)).toEqual([]);

  await page.getByRole('link', { name: '이어서 만들기' }).click();
  await page.getByLabel('프롬프트', { exact: true }).fill('웃는 고양이');
  await page.getByLabel('프롬프트', { exact: true }).press('Control+Enter');
  await createPicture(page, '웃는 고양이');
});

test('a plan is changed after a look at what it costs, cancelled, and kept after all', async () => {
  const [context] = contexts;
  const page = context!.pages()[0]!;
  await page.goto(`${url}/billing`);
  await page.getByRole('button', { name: 'Studio 고르기' }).click();
  await page
    .getByRole('dialog')
    .getByText(/^지금 \$[\d.,]+ 결제해요$/)
    .waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Starter 고르기' }).click();
  await page
    .getByRole('dialog')
    .getByText(/에 바뀌어요$/)
    .waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '바꾸기' }).click();
  await page.getByText(/부터 Starter 요금제로 바뀌어요/).waitFor();
  await page.getByRole('button', { name: '바꾸지 않기' }).click();
  await page.getByText(/부터 Starter 요금제로 바뀌어요/).waitFor({ state: 'detached' });

  await page.getByRole('button', { name: '구독 그만하기' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '구독 그만하기' }).click();
  await page.getByText(/그다음에는 Free로 돌아가요/).waitFor();
  await page.getByRole('button', { name: '구독 이어 가기' }).click();
  await page.getByText(/에 다시 결제해요/).waitFor();
});

test('out of credits: a pack is bought from the refusal, and the words are still there to carry on', async () => {
  const page = await newPage();
  await page.goto(`${url}/sign-in`);
  await signIn(page, empty);
  await page.getByLabel('프롬프트', { exact: true }).fill('빨간 우산');
  await page.getByLabel('프롬프트', { exact: true }).press('Control+Enter');
  await page.getByRole('dialog', { name: '크레딧이 모자라요' }).waitFor();
  await page.getByRole('button', { name: '1,000 크레딧 사기 · $10' }).click();
  await pay(page);
  await page.getByRole('link', { name: '이어서 만들기' }).click();
  expect(await page.getByLabel('프롬프트', { exact: true }).inputValue()).toBe('빨간 우산');
  await page.getByLabel('프롬프트', { exact: true }).press('Control+Enter');
  await createPicture(page, '빨간 우산');
});
