import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseLanguage } from '#platform/http/language.ts';
import type { HttpApp } from '#platform/http/route.ts';
import { accountPage } from './account-page.ts';
import type { AccountsDeps } from './deps.ts';
import { signedUpHere } from './sign-up-cookie.ts';
import { verifyEmail, type VerifyEmailInput, type VerifyEmailOutcome } from './verify-email.ts';

/** Where the link in the verification mail leads, and the form behind it. */
export function addVerifyRoutes(app: HttpApp, deps: AccountsDeps): void {
  app.get(
    '/api/auth/verify-email',
    // No HEAD: programs that look at links before people do must not verify anything.
    { exposeHeadRoute: false, config: { access: 'public', limit: 'read' }, schema: { hide: true } },
    async (request, reply) => {
      const token = tokenOf(request);
      // A program that signs up says what it accepts; a browser asks for HTML, and there the person must be the one who signed up.
      const proof: VerifyEmailInput['proof'] = wantsPage(request)
        ? { by: 'browser', userId: signedUpHere(deps, request.headers.cookie) }
        : { by: 'link_alone' };
      const outcome = await verifyEmail(deps, { token, proof });
      return wantsPage(request) ? sendPage(deps, request, reply, outcome, token) : sendJson(reply, outcome);
    },
  );
  app.post(
    '/api/auth/verify-email',
    { config: { access: 'public', limit: 'sign_in' }, schema: { hide: true } },
    async (request, reply) => {
      const form = new URLSearchParams((request.body as Buffer | undefined)?.toString('utf8') ?? '');
      const token = form.get('token') ?? '';
      const password = (form.get('password') ?? '').slice(0, 1_000);
      const outcome = await verifyEmail(deps, { token, proof: { by: 'password', password } });
      return sendPage(deps, request, reply, outcome, token);
    },
  );
}

/** The token of a link; a query that repeats it has none. */
export function tokenOf(request: FastifyRequest): string {
  const { token } = request.query as { token?: unknown };
  return typeof token === 'string' ? token : '';
}

const wantsPage = (request: FastifyRequest): boolean => request.headers.accept?.includes('text/html') ?? false;

function sendJson(reply: FastifyReply, outcome: VerifyEmailOutcome): FastifyReply {
  reply.header('cache-control', 'no-store');
  if (outcome === 'verified') return reply.send({ status: true });
  return reply
    .code(400)
    .send({ code: 'INVALID_TOKEN', message: 'The link is not valid or has expired. Ask for another mail.' });
}

function sendPage(
  deps: AccountsDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: VerifyEmailOutcome,
  token: string,
): FastifyReply {
  const status: Record<VerifyEmailOutcome, number> = {
    verified: 200,
    proof_needed: 200,
    wrong_password: 401,
    invalid_link: 400,
  };
  const language = chooseLanguage(request.headers['accept-language']);
  return reply
    .code(status[outcome])
    .headers({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' })
    .send(accountPage(language, outcome, { token, appUrl: deps.publicUrl }));
}
