import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { signIn } from './sign-in.ts';

/** The screens of the studio by who sees them. Addresses with a parameter are in the journeys. */
const strangersScreens = ['/', '/plans', '/terms', '/privacy', '/sign-in', '/sign-up', '/forgot', '/two-factor'];
const membersScreens = [
  '/create',
  '/usage',
  '/usage/transactions',
  '/usage/keys',
  '/billing',
  '/account',
  '/account/security',
  '/account/workspaces',
];

export type Visit = { screen: string; page: Page };
type Settings = { locale: string; width: number; person: { email: string; password: string } };

/** Visits every screen, one page for strangers and one for a member who is signed in, and waits at each until nothing is on its way. */
export async function* visitScreens(browser: Browser, url: string, settings: Settings): AsyncGenerator<Visit> {
  const { locale, width, person } = settings;
  for (const [screens, isMember] of [
    [strangersScreens, false],
    [membersScreens, true],
  ] as const) {
    const context = await browser.newContext({ locale, viewport: { width, height: 844 }, reducedMotion: 'reduce' });
    context.setDefaultTimeout(30_000);
    if (isMember) await signIn(context.request, url, person);
    const page = await context.newPage();
    for (const screen of screens) {
      await page.goto(url + screen);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await page.locator('.animate-pulse').first().waitFor({ state: 'detached' });
      yield { screen, page };
    }
    await context.close();
  }
}

/** Rules of WCAG 2.2 A and AA, and axe's best practices, that the page breaks, with the elements. */
export async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' ')}`);
}

/** How far the page can be moved sideways, in pixels. */
export const overhang = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
