import { gzipSync } from 'node:zlib';
import type { Browser, Page, Response } from 'playwright-core';
import { serveManyImages } from './many-images.ts';
import { signIn } from './sign-in.ts';

const demo = { email: 'demo@pingvas.local', password: 'pingvas-demo' };
/** A middling phone beside the machine that measures. */
const cpuSlowdown = 4;

type Figures = { lcp: number; cls: number; inp: number };

/** A page of its own, signed in when `path` needs it, slowed, with observers that write into `window.figures`. */
async function openSlowed(browser: Browser, url: string, isMember: boolean): Promise<Page> {
  const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 800 } });
  if (isMember) await signIn(context.request, url, demo);
  const page = await context.newPage();
  await page.addInitScript(() => {
    const figures = { lcp: 0, cls: 0, inp: 0 };
    Object.assign(window, { figures });
    type Entry = PerformanceEntry & { hadRecentInput?: boolean; value?: number; interactionId?: number };
    const watch = (type: string, see: (entry: Entry) => void): void =>
      new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({
        type,
        buffered: true,
        durationThreshold: 16,
      } as PerformanceObserverInit);
    watch('largest-contentful-paint', ({ startTime }) => (figures.lcp = startTime));
    watch('layout-shift', ({ hadRecentInput, value = 0 }) => (figures.cls += hadRecentInput ? 0 : value));
    watch('event', ({ interactionId, duration }) => {
      if (interactionId) figures.inp = Math.max(figures.inp, duration);
    });
  });
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
  return page;
}

/** The first load of a page, with an interaction where it has a prompt: kB of JavaScript (gzip), largest paint, layout shift, interaction to next paint. */
export async function measureLoad(browser: Browser, url: string, path: string): Promise<Record<string, number>> {
  const page = await openSlowed(browser, url, path !== '/');
  const scripts: Response[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response);
  });
  await page.goto(url + path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForLoadState('networkidle');
  const bodies = await Promise.all(scripts.map((script) => script.body()));
  const gzipBytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
  const prompt = page.locator('textarea').first();
  if ((await prompt.count()) > 0) await prompt.pressSequentially('푸른 바다 위의 고래');
  else await page.keyboard.press('Tab');
  await page.waitForLoadState('networkidle');
  const { lcp, cls, inp } = await page.evaluate(() => (window as unknown as { figures: Figures }).figures);
  await page.context().close();
  return {
    js_gzip_kb: Math.round(gzipBytes / 100) / 10,
    lcp_ms: Math.round(lcp),
    cls: Math.round(cls * 1_000) / 1_000,
    inp_ms: inp,
  };
}

/** A gallery of `count` pictures scrolled for 600 frames: their p95 and the heap afterwards. */
export async function measureGallery(browser: Browser, url: string, count: number): Promise<Record<string, number>> {
  const page = await openSlowed(browser, url, true);
  await serveManyImages(page, url, count);
  await page.goto(`${url}/gallery`);
  await page.getByRole('gridcell').first().waitFor();
  const frames = await page.evaluate(async () => {
    const lengths: number[] = [];
    let before = performance.now();
    for (let frame = 0; frame < 600; frame += 1) {
      scrollBy(0, 120);
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      lengths.push(now - before);
      before = now;
    }
    return lengths.slice(1).sort((a, b) => a - b);
  });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  await page.context().close();
  return {
    frame_p95_ms: Math.round(frames[Math.floor(frames.length * 0.95)] ?? 0),
    heap_mb: Math.round(usedSize / 100_000) / 10,
  };
}
