import { z } from 'zod';
import { actorOf } from '#platform/http/caller.ts';
import { chooseLanguage } from '#platform/http/language.ts';
import type { HttpApp } from '#platform/http/route.ts';
import { accountPage, type AccountPage } from './account-page.ts';
import { openAddressLink } from './address-link.ts';
import { askToChangeAddress, type AddressOutcome, ChangeAddress, followAddressLink } from './change-address.ts';
import type { AccountsDeps } from './deps.ts';
import { tokenOf } from './verify-email.routes.ts';

/** Asking for another address. */
export function addChangeAddressRoute(app: HttpApp, deps: AccountsDeps): void {
  app.post(
    '/api/v1/me/email',
    {
      config: { access: 'session', limit: 'sign_in', problems: ['invalid_credentials'] },
      schema: {
        operationId: 'changeAddress',
        tags: ['accounts'],
        summary: 'Ask for another e-mail address; both mailboxes have to agree',
        body: ChangeAddress,
        response: { 202: z.null() },
      },
    },
    async (request, reply) => {
      await askToChangeAddress(deps, actorOf(request), request.body);
      return reply.code(202).send(null);
    },
  );
}

/** Where the links of both mails lead: a button, because programs that look at links before people do must not agree to anything. */
export function addChangeAddressPage(app: HttpApp, deps: AccountsDeps): void {
  const headers = { 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' };
  const pages: Record<AddressOutcome, AccountPage> = {
    agreed: 'address_agreed',
    changed: 'address_changed',
    invalid_link: 'invalid_link',
  };
  app.get(
    '/api/auth/change-address',
    { exposeHeadRoute: false, config: { access: 'public', limit: 'read' }, schema: { hide: true } },
    async (request, reply) => {
      const token = tokenOf(request);
      const link = openAddressLink(deps.secret, token);
      const page = link ? (link.mailbox === 'old' ? 'address_agree' : 'address_confirm') : 'invalid_link';
      const language = chooseLanguage(request.headers['accept-language']);
      return reply
        .code(link ? 200 : 400)
        .headers(headers)
        .send(accountPage(language, page, { token, appUrl: deps.publicUrl }));
    },
  );
  app.post(
    '/api/auth/change-address',
    { config: { access: 'public', limit: 'sign_in' }, schema: { hide: true } },
    async (request, reply) => {
      const form = new URLSearchParams((request.body as Buffer | undefined)?.toString('utf8') ?? '');
      const outcome = await followAddressLink(deps, form.get('token') ?? '');
      const language = chooseLanguage(request.headers['accept-language']);
      return reply
        .code(outcome === 'invalid_link' ? 400 : 200)
        .headers(headers)
        .send(accountPage(language, pages[outcome], { token: '', appUrl: deps.publicUrl }));
    },
  );
}
