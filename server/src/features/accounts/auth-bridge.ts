import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findUnstorableText } from '#platform/http/body.ts';
import type { LimitName } from '#platform/limits.ts';
import type { Routes } from '#platform/http/route.ts';
import { clientIpHeader } from './auth.ts';
import { addAskRoutes } from './ask.routes.ts';
import { addChangeAddressPage } from './change-address.routes.ts';
import type { AccountsDeps } from './deps.ts';
import { addResetPage } from './reset-password.routes.ts';
import { signUpCookie } from './sign-up-cookie.ts';
import { addVerifyRoutes } from './verify-email.routes.ts';

const bodyBytesMax = 65_536;

/** The routes of Better Auth that exist here. It has about forty; what is not in this list is 404. */
const bridged: { method: 'GET' | 'POST'; path: string; limit: LimitName }[] = [
  { method: 'POST', path: '/sign-up/email', limit: 'sign_in' },
  { method: 'POST', path: '/sign-in/email', limit: 'sign_in' },
  { method: 'POST', path: '/sign-out', limit: 'read' },
  { method: 'GET', path: '/get-session', limit: 'read' },
  { method: 'POST', path: '/reset-password', limit: 'sign_in' },
  { method: 'POST', path: '/change-password', limit: 'sign_in' },
  { method: 'POST', path: '/sign-in/social', limit: 'sign_in' },
  { method: 'GET', path: '/callback/google', limit: 'sign_in' },
  { method: 'GET', path: '/callback/discord', limit: 'sign_in' },
  { method: 'GET', path: '/list-accounts', limit: 'read' },
  { method: 'POST', path: '/link-social', limit: 'sign_in' },
  { method: 'POST', path: '/unlink-account', limit: 'sign_in' },
  { method: 'POST', path: '/two-factor/enable', limit: 'sign_in' },
  { method: 'POST', path: '/two-factor/disable', limit: 'sign_in' },
  { method: 'POST', path: '/two-factor/verify-totp', limit: 'sign_in' },
  { method: 'POST', path: '/two-factor/verify-backup-code', limit: 'sign_in' },
  { method: 'POST', path: '/two-factor/generate-backup-codes', limit: 'sign_in' },
  { method: 'POST', path: '/update-user', limit: 'read' },
  { method: 'POST', path: '/revoke-other-sessions', limit: 'read' },
  { method: 'GET', path: '/jwks', limit: 'read' },
];

/**
 * Hands listed requests to Better Auth as raw bytes, and answers the few that are ours: asking for a mail, verifying an address, the page for a new
 * password. Answers keep Better Auth's shape, without session tokens: the cookie is the only place for those.
 */
export function authRoutes(deps: AccountsDeps): Routes {
  return (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (_request, body, done) =>
      done(null, body),
    );
    for (const { method, path, limit } of bridged) {
      app.route({
        method,
        url: `/api/auth${path}`,
        exposeHeadRoute: false,
        bodyLimit: bodyBytesMax,
        config: { access: 'public', limit },
        schema: { hide: true },
        handler: async (request, reply) => bridge(deps, path, request, reply),
      });
    }
    addAskRoutes(app, deps);
    addVerifyRoutes(app, deps);
    addResetPage(app, deps);
    addChangeAddressPage(app, deps);
  };
}

/**
 * A sign-up answers no sooner than this: making an account takes longer than finding that the address has one, and the difference would tell a
 * stranger which addresses are ours. Well above what either takes (one password hash and a few statements).
 */
const signUpFloorMs = 500;

async function bridge(
  deps: AccountsDeps,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (path === '/jwks') await deps.accessTokens.ensureKey();
  const body = request.body as Buffer | undefined;
  if (body && holdsUnstorableText(body))
    return reply
      .code(400)
      .send({ code: 'INVALID_TEXT', message: 'A text contains a NUL or half of a surrogate pair.' });
  const noSooner = path === '/sign-up/email' ? delay(signUpFloorMs) : undefined;
  const response = await deps.auth.handler(
    new Request(new URL(request.url, deps.publicUrl), {
      method: request.method,
      headers: headersFor(request),
      ...(body?.length ? { body: new Uint8Array(body) } : {}),
    }),
  );
  await noSooner;
  reply.status(response.status);
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie' && name !== 'content-length') reply.header(name, value);
  }
  const cookies = response.headers.getSetCookie();
  const text = await response.text();
  if (!response.headers.get('content-type')?.includes('json') || text === '') {
    if (cookies.length > 0) reply.header('set-cookie', cookies);
    return reply.send(text === '' ? null : text);
  }
  const answer = withoutTokens(JSON.parse(text));
  const signedUp =
    path === '/sign-up/email' && response.ok ? (answer as { user?: { id?: string } }).user?.id : undefined;
  if (signedUp !== undefined) cookies.push(signUpCookie(deps, signedUp));
  if (cookies.length > 0) reply.header('set-cookie', cookies);
  return reply.send(JSON.stringify(answer));
}

/** Better Auth hands texts to the database as they come; a NUL would end there as an error of ours. What is no JSON is its own matter. */
function holdsUnstorableText(body: Buffer): boolean {
  try {
    return findUnstorableText(JSON.parse(body.toString('utf8'))).length > 0;
  } catch {
    return false;
  }
}

/** The request's headers, with the client's address in a header of ours that nobody outside can set. */
function headersFor(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of [value].flat())
      if (one !== undefined && !name.startsWith('x-forwarded-')) headers.append(name, one);
  }
  headers.delete('content-length');
  headers.set(clientIpHeader, request.ip);
  return headers;
}

/** The same JSON without any member called `token`: a session token in a page's memory is a session for whoever reads that memory. */
function withoutTokens(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTokens);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'token')
      .map(([name, inner]) => [name, withoutTokens(inner)]),
  );
}
