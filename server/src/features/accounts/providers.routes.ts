import { z } from 'zod';
import { AppError } from '#platform/errors.ts';
import type { HttpApp } from '#platform/http/route.ts';
import type { AccountsDeps } from './deps.ts';
import { offeredProviders } from './social-providers.ts';

const Providers = z
  .object({
    data: z.array(z.object({ id: z.enum(['google', 'discord']) })).describe('Offered beside e-mail and password.'),
    captcha: z.object({
      kind: z.enum(['none', 'altcha', 'turnstile']),
      site_key: z.string().nullable().describe('For the widget of `turnstile`.'),
    }),
  })
  .meta({ id: 'SignInProviders' });

const Challenge = z.looseObject({}).meta({ id: 'CaptchaChallenge' });

/** What the sign-in page has to show: providers, and the challenge of a sign-up. */
export function addProviderRoutes(app: HttpApp, { social, captcha }: Pick<AccountsDeps, 'social' | 'captcha'>): void {
  app.get(
    '/api/v1/auth/providers',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listProviders',
        tags: ['accounts'],
        summary: 'The ways to sign in, and what a sign-up is asked',
        response: { 200: Providers },
      },
    },
    () => ({
      data: offeredProviders(social).map((id) => ({ id })),
      captcha: { kind: captcha.kind, site_key: captcha.siteKey },
    }),
  );
  app.get(
    '/api/v1/auth/challenge',
    {
      config: { access: 'public', limit: 'sign_in', problems: ['not_found'] },
      schema: {
        operationId: 'createChallenge',
        tags: ['accounts'],
        summary: 'A challenge for a sign-up, when `captcha.kind` is `altcha`; its answer goes into X-Captcha-Response',
        response: { 200: Challenge },
      },
    },
    async (_request, reply) => {
      if (captcha.newChallenge === null) throw new AppError('not_found');
      reply.header('cache-control', 'no-store');
      return { ...(await captcha.newChallenge()) };
    },
  );
}
