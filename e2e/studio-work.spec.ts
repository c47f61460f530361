import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { eventually, type Product, startProduct } from './product.ts';
import { signIn } from './sign-in.ts';

const person = { email: 'worker@example.com', password: 'a rather long password' };

let product: Product | undefined;
let browser: Browser | undefined;
let url: string;
let context: BrowserContext;
let page: Page;

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
  context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(30_000);
  page = await context.newPage();
  const signedIn = await signIn(page.request, url, person);
  expect(signedIn.status()).toBe(200);
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const jobs = () => page.getByTestId('job');
const button = (name: string | RegExp) => page.getByRole('button', { name });
const generate = () => page.getByTestId('generate');
const choose = (group: string, name: string) =>
  page.getByRole('group', { name: group }).getByText(name, { exact: true }).click();
const newestSucceeds = async (prompt: string): Promise<void> => {
  const job = jobs().filter({ hasText: prompt }).first();
  await job.getByRole('button', { name: '영수증' }).waitFor();
  expect(await job.getAttribute('data-status')).toBe('succeeded');
};
type SentJob = {
  request: { init_image_id: string | null; mask_image_id: string | null; seed: string; prompt: string };
};
const newestJob = async (): Promise<SentJob> =>
  ((await (await page.request.get(`${url}/api/v1/jobs?limit=1`)).json()) as { data: SentJob[] }).data[0]!;

test('words that a link brings are in the composer, and the address keeps none of them', async () => {
  await page.goto(`${url}/create?prompt=${encodeURIComponent('파란 고래')}`);
  await page.waitForURL('**/create');
  expect(await page.getByLabel('프롬프트', { exact: true }).inputValue()).toBe('파란 고래');
});

test('a picture chosen from disk is drawn anew, and only the painted part of it when the brush was used', async () => {
  await page.goto(`${url}/create`);
  await page.getByLabel('프롬프트', { exact: true }).fill('고양이');
  await page
    .getByLabel('시작할 이미지 파일')
    .setInputFiles({ name: 'blue.png', mimeType: 'image/png', buffer: await paintedPicture('#3060c0') });
  await page.getByRole('img', { name: '시작할 이미지' }).waitFor();
  await generate().click();
  await newestSucceeds('고양이');
  expect((await newestJob()).request).toMatchObject({ init_image_id: expect.any(String), mask_image_id: null });

  await choose('무엇을 할까요', '일부만 고치기');
  const mask = page.getByTestId('mask');
  const box = (await mask.boundingBox())!;
  await page.mouse.move(box.x + 40, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 120, { steps: 4 });
  await page.mouse.up();
  await mask.focus();
  await page.keyboard.press(' ');
  await button('되돌리기').click();
  await page.getByLabel('프롬프트', { exact: true }).fill('개구리');
  await generate().click();
  await newestSucceeds('개구리');
  const { request } = await newestJob();
  expect(request.mask_image_id).toEqual(expect.any(String));
  const white = await whiteShare(`/api/v1/images/${request.mask_image_id ?? ''}/content`);
  // The stroke of the pointer; the dot of the space bar in the middle was taken back.
  expect(white).toBeGreaterThan(0.02);
  expect(white).toBeLessThan(0.5);
});

test('a draft and a running job survive a reload, and a second tab shows the same', async () => {
  await button('이미지 빼기').click();
  await page.getByLabel('프롬프트', { exact: true }).fill('무지개');
  await choose('장수', '8');
  await page.getByText('자세히').click();
  await page.getByLabel('단계').fill('30');
  await generate().click();
  const running = jobs().filter({ hasText: '무지개' }).first();
  await running.getByText(/그리는 중 · \d+\//).waitFor();
  // The engine holds its breath, so that the job is still running however slow the browser is.
  const engine = (await product?.processes('engine')) ?? [];
  for (const pid of engine) process.kill(pid, 'SIGSTOP');
  await page.reload();
  expect(await page.getByLabel('프롬프트', { exact: true }).inputValue()).toBe('무지개');
  const second = await context.newPage();
  await second.goto(`${url}/create`);
  const elsewhere = second.getByTestId('job').filter({ hasText: '무지개' }).first();
  await elsewhere.getByRole('button', { name: '취소' }).waitFor();
  await elsewhere.getByRole('button', { name: '취소' }).click();
  await running.getByText('취소하는 중').waitFor();
  for (const pid of engine) process.kill(pid, 'SIGCONT');
  await running.getByText('취소했어요').waitFor();
  await second.close();
});

test('when the connection is lost in the middle of a job, the page finds its end by itself', async () => {
  await choose('장수', '4');
  await page.getByLabel('프롬프트', { exact: true }).fill('나무');
  await generate().click();
  const job = jobs().filter({ hasText: '나무' }).first();
  await job.waitFor();
  await context.setOffline(true);
  await page.getByText('지금은 인터넷에 연결되어 있지 않아요').waitFor();
  await eventually('the job to end while nobody hears of it', async () => {
    const answer = await fetch(`${url}/api/v1/jobs?limit=1`, { headers: { cookie: await cookies() } });
    const { data } = (await answer.json()) as { data: { status: string }[] };
    return data[0]?.status === 'succeeded' ? true : undefined;
  });
  await context.setOffline(false);
  await job.getByRole('button', { name: '영수증' }).waitFor();
  expect(await job.getByRole('img').count()).toBeGreaterThanOrEqual(4);
});

test('a picture is looked at, its settings go back into the composer with its seed', async () => {
  await page.getByRole('link', { name: '갤러리' }).filter({ visible: true }).click();
  await page.getByRole('heading', { name: '갤러리' }).waitFor();
  await page.getByRole('gridcell').first().getByRole('link').click();
  await page.getByRole('complementary', { name: '자세한 정보' }).getByText('나무').waitFor();
  expect(new URL(page.url()).pathname).toMatch(/^\/gallery\/.+/);
  await page.getByTestId('receipt').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('gridcell').first().getByRole('link').click();
  await page.getByRole('dialog').getByRole('button', { name: '설정 다시 쓰기' }).click();
  await page.waitForURL('**/create');
  expect(await page.getByLabel('프롬프트', { exact: true }).inputValue()).toBe('나무');
  await page.getByText('자세히').click();
  expect(await page.getByLabel('시드', { exact: true }).inputValue()).toMatch(/^\d+$/);
});

test('several pictures are chosen by keys and shift, deleted, and all come back by undo', async () => {
  await page.goto(`${url}/gallery`);
  const cells = page.getByRole('gridcell');
  await cells.first().waitFor();
  const before = await cells.count();
  await cells.first().getByRole('link').focus();
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await page.getByText('3장 골랐어요').waitFor();
  await page.keyboard.press('Delete');
  await page.getByText('3장을 휴지통에 넣었어요.', { exact: true }).waitFor();
  await eventually('three to be gone', async () => ((await cells.count()) === before - 3 ? true : undefined));
  await button('되돌리기').click();
  await eventually('three to be back', async () => ((await cells.count()) === before ? true : undefined));
  await page.reload();
  await cells.first().waitFor();
  expect(await cells.count()).toBe(before);
});

test('a picture is made, looked at, deleted and brought back by keys alone', async () => {
  const { keyboard } = page;
  /** Goes on by Tab until this has the focus. */
  const tabTo = async (target: Locator): Promise<void> => {
    for (let steps = 0; steps < 60; steps += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await keyboard.press('Tab');
    }
    throw new Error('Tab does not lead there');
  };
  await page.goto(`${url}/create`);
  // One picture is enough, and the suite is short of time.
  await choose('장수', '1');
  await keyboard.press('/');
  await keyboard.press('ControlOrMeta+a');
  await keyboard.insertText('노란 오리');
  await keyboard.press('ControlOrMeta+Enter');
  await newestSucceeds('노란 오리');
  await keyboard.press('Tab');
  await keyboard.press('g');
  const cells = page.getByRole('gridcell');
  await cells.first().waitFor();
  const before = await cells.count();
  await tabTo(cells.first().getByRole('link'));
  await keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await keyboard.press('Delete');
  await page.getByText('1장을 휴지통에 넣었어요.', { exact: true }).waitFor();
  // The message stays for ten seconds: the key is the dialog's all the same.
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await keyboard.press('F8');
  await keyboard.press('Enter');
  await eventually('it to be back', async () => ((await cells.count()) === before ? true : undefined));
  await tabTo(page.getByRole('link', { name: '계정' }).filter({ visible: true }).first());
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: '내 정보' }).waitFor();
});

test('several pictures come as one ZIP that holds them all', async () => {
  await page.goto(`${url}/gallery`);
  await page.getByRole('gridcell').first().hover();
  await page.getByRole('gridcell').first().getByRole('button', { name: '고르기' }).click();
  await page.getByRole('gridcell').nth(1).getByRole('link').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('toolbar').getByRole('button', { name: '내려받기' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('pingvas-2.zip');
  const bytes = await readFile(await download.path());
  // The end record of a ZIP says how many files it holds.
  expect(bytes.readUInt16LE(bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1')) + 10)).toBe(2);
});

/** A PNG of one colour, drawn by the browser. */
async function paintedPicture(colour: string): Promise<Buffer> {
  const base64 = await page.evaluate((fill) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 300, height: 200 });
    const brush = canvas.getContext('2d')!;
    brush.fillStyle = fill;
    brush.fillRect(0, 0, 300, 200);
    return canvas.toDataURL('image/png').split(',')[1] ?? '';
  }, colour);
  return Buffer.from(base64, 'base64');
}

/** Which share of a picture's pixels is bright. */
const whiteShare = (address: string): Promise<number> =>
  page.evaluate(async (source) => {
    const picture = await createImageBitmap(await (await fetch(source)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const brush = canvas.getContext('2d')!;
    brush.drawImage(picture, 0, 0);
    const { data } = brush.getImageData(0, 0, picture.width, picture.height);
    return data.filter((value, at) => at % 4 === 0 && value >= 128).length / (data.length / 4);
  }, address);

const cookies = async (): Promise<string> =>
  (await context.cookies(url)).map(({ name, value }) => `${name}=${value}`).join('; ');
