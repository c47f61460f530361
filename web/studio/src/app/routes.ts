import { type ComponentType, lazy } from 'react';

/** A screen of the studio: who may see it, and the code that draws it, fetched when it is wanted. */
type Screen = { page: string; for: 'everybody' | 'strangers' | 'members'; Component: ComponentType };

const screen = (page: string, who: Screen['for'], load: () => Promise<ComponentType>): Screen => ({
  page,
  for: who,
  Component: lazy(async () => ({ default: await load() })),
});

/** Addresses are also listed in `pages.json`, from which the server knows what is a page; a test compares the two. */
export const routes: Screen[] = [
  screen('/', 'strangers', async () => (await import('../features/landing/landing-page.tsx')).LandingPage),
  screen('/plans', 'everybody', async () => (await import('../features/landing/plans-page.tsx')).PlansPage),
  screen('/terms', 'everybody', async () => (await import('../features/landing/legal-page.tsx')).TermsPage),
  screen('/privacy', 'everybody', async () => (await import('../features/landing/legal-page.tsx')).PrivacyPage),
  screen('/sign-in', 'strangers', async () => (await import('../features/auth/sign-in-page.tsx')).SignInPage),
  screen('/sign-up', 'strangers', async () => (await import('../features/auth/sign-up-page.tsx')).SignUpPage),
  screen('/forgot', 'strangers', async () => (await import('../features/auth/forgot-page.tsx')).ForgotPage),
  screen('/two-factor', 'strangers', async () => (await import('../features/auth/two-factor-page.tsx')).TwoFactorPage),
  screen('/create', 'members', async () => (await import('../features/create/create-page.tsx')).CreatePage),
  screen('/jobs/:job_id', 'members', async () => (await import('../features/create/job-page.tsx')).JobPage),
  screen(
    '/gallery/:image_id?',
    'members',
    async () => (await import('../features/gallery/gallery-page.tsx')).GalleryPage,
  ),
  screen('/usage', 'members', async () => (await import('../features/usage/usage-page.tsx')).UsagePage),
  screen(
    '/usage/transactions',
    'members',
    async () => (await import('../features/usage/transactions-page.tsx')).TransactionsPage,
  ),
  screen('/usage/keys', 'members', async () => (await import('../features/usage/keys-page.tsx')).KeysPage),
  screen('/billing', 'members', async () => (await import('../features/billing/billing-page.tsx')).BillingPage),
  screen('/account', 'members', async () => (await import('../features/account/profile-page.tsx')).ProfilePage),
  screen(
    '/account/security',
    'members',
    async () => (await import('../features/account/security-page.tsx')).SecurityPage,
  ),
  screen(
    '/account/workspaces',
    'members',
    async () => (await import('../features/account/workspaces-page.tsx')).WorkspacesPage,
  ),
  screen(
    '/invitations/:token',
    'members',
    async () => (await import('../features/account/invitation-page.tsx')).InvitationPage,
  ),
];
