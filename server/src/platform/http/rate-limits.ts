import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import { addressBlock, type Limiter, type LimitState } from '#platform/limits.ts';
import type { HttpApp } from './route.ts';

/** Whom a call counts against: the key, the person, or the address when nobody is signed in. */
const limitedParty = (actor: Actor | null, address: string): string =>
  actor === null
    ? `address:${addressBlock(address)}`
    : actor.kind === 'key'
      ? `key:${actor.keyId}`
      : `user:${actor.userId}`;

/** Shows the state of a limit (draft-ietf-httpapi-ratelimit-headers-10). */
function showLimit(reply: FastifyReply, state: LimitState): void {
  reply.header('ratelimit-policy', `"${state.name}";q=${state.rule.calls};w=${state.rule.windowS}`);
  reply.header('ratelimit', `"${state.name}";r=${state.remaining};t=${state.resetS}`);
}

/** The refusal that says when to come back. */
export const rateLimited = (state: LimitState): AppError =>
  new AppError('rate_limited', {
    facts: { retry_after: state.resetS },
    headers: { 'retry-after': String(state.resetS) },
  });

/** Counts every call of a route against the route's limit. */
export function limitCalls(app: HttpApp, limiter: Limiter): void {
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.is404) return;
    const { limit = 'read' } = request.routeOptions.config;
    if (limit === 'none') return;
    const who = limit === 'sign_in' ? limitedParty(null, request.ip) : limitedParty(request.actor, request.ip);
    const state = await limiter.take(limit, who);
    showLimit(reply, state);
    if (!state.allowed) throw rateLimited(state);
  });
}
