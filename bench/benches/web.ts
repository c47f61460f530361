import { openBrowser } from '../../e2e/browser.ts';
import { startProduct } from '../../e2e/product.ts';
import { measureGallery, measureLoad } from '../../e2e/web-figures.ts';
import { atMost, type Bench, type Row } from '../harness/bench.ts';
import { medianOf } from '../harness/statistics.ts';

export const bench: Bench = {
  summary:
    'The studio in a headless Chromium with its processor slowed 4 times: first load, interaction, a gallery of 10,000',
  run: async ({ rounds, size = 10_000, say }) => {
    const product = await startProduct({ DEMO: 'true' });
    const browser = await openBrowser();
    const rows: Row[] = [];
    try {
      for (let round = 1; round <= rounds; round++) {
        rows.push({ round, subject: 'landing', ...(await measureLoad(browser, product.url, '/')) });
        rows.push({ round, subject: 'create', ...(await measureLoad(browser, product.url, '/create')) });
        rows.push({ round, subject: 'gallery', ...(await measureGallery(browser, product.url, size)) });
        for (const row of rows.slice(-3)) say(JSON.stringify(row));
      }
    } finally {
      await browser.close();
      await product.stop();
    }
    const must = (what: string, subject: string, figure: string, bound: number) =>
      atMost(`${subject}: ${what}`, medianOf(rows, subject, figure), bound);
    return {
      rows,
      must: [
        must('kB of JavaScript, gzip', 'landing', 'js_gzip_kb', 200),
        must('kB of JavaScript, gzip', 'create', 'js_gzip_kb', 300),
        ...['landing', 'create'].flatMap((subject) => [
          must('ms to the largest paint', subject, 'lcp_ms', 2_500),
          must('layout shift', subject, 'cls', 0.05),
        ]),
        must('ms from an interaction to the next paint', 'create', 'inp_ms', 200),
        must('ms of a frame while scrolling, p95', 'gallery', 'frame_p95_ms', 50),
        must('MB of memory of the page', 'gallery', 'heap_mb', 300),
      ],
      notes: [`The list of ${size} pictures is answered by the bench; the picture itself comes from the server.`],
    };
  },
};
