import type { Page } from 'playwright-core';
import { eventually } from './product.ts';

type ImagePage = { data: { image_id: string }[]; next_cursor: string | null };

/**
 * Lets the gallery of a page believe in `count` pictures: the list is answered here, by pages as the server does, each row made from the newest picture that
 * is really there, so that what is drawn is real.
 */
export async function serveManyImages(page: Page, url: string, count: number): Promise<void> {
  const { real, image } = await eventually('a picture of the demo', async () => {
    const answer = (await (await page.request.get(`${url}/api/v1/images?limit=1`)).json()) as ImagePage;
    return answer.data[0] && { real: answer, image: answer.data[0] };
  });
  await page.route(/\/api\/v1\/images\?/, async (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const from = Number(asked.get('cursor') ?? 0);
    const to = Math.min(count, from + Number(asked.get('limit') ?? 50));
    const data = Array.from({ length: to - from }, (_, at) => ({
      ...image,
      image_id: image.image_id.slice(0, -6) + (from + at).toString(16).padStart(6, '0'),
    }));
    await route.fulfill({ json: { ...real, data, next_cursor: to < count ? String(to) : null } });
  });
}
