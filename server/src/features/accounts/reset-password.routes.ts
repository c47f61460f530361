import { APIError } from 'better-auth/api';
import { chooseLanguage } from '#platform/http/language.ts';
import type { HttpApp } from '#platform/http/route.ts';
import { accountPage, type AccountPage } from './account-page.ts';
import type { AccountsDeps } from './deps.ts';
import { tokenOf } from './verify-email.routes.ts';

/** Where the link in the reset mail leads: a form for a new password, without scripts. */
export function addResetPage(app: HttpApp, deps: AccountsDeps): void {
  const headers = { 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' };
  app.get(
    '/api/auth/reset-password',
    { exposeHeadRoute: false, config: { access: 'public', limit: 'read' }, schema: { hide: true } },
    async (request, reply) => {
      const token = tokenOf(request);
      const language = chooseLanguage(request.headers['accept-language']);
      return reply.headers(headers).send(accountPage(language, 'reset', { token, appUrl: deps.publicUrl }));
    },
  );
  app.post(
    '/api/auth/reset-password/form',
    { config: { access: 'public', limit: 'sign_in' }, schema: { hide: true } },
    async (request, reply) => {
      const form = new URLSearchParams((request.body as Buffer | undefined)?.toString('utf8') ?? '');
      const token = form.get('token') ?? '';
      const language = chooseLanguage(request.headers['accept-language']);
      const [status, page] = await reset(deps, token, form.get('password') ?? '');
      return reply
        .code(status)
        .headers(headers)
        .send(accountPage(language, page, { token, appUrl: deps.publicUrl }));
    },
  );
}

async function reset(
  { auth }: Pick<AccountsDeps, 'auth'>,
  token: string,
  newPassword: string,
): Promise<[number, AccountPage]> {
  try {
    await auth.api.resetPassword({ body: { token, newPassword } });
    return [200, 'reset_done'];
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    const code = error.body?.code;
    if (code === 'PASSWORD_TOO_SHORT' || code === 'PASSWORD_TOO_LONG') return [400, 'reset_unfit'];
    return [400, 'invalid_link'];
  }
}
