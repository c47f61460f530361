import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { type Actor, permit } from '#platform/actor.ts';
import { AppError } from '#platform/errors.ts';
import { isOurOrigin, type HostRules } from './hosts.ts';
import type { Access, HttpApp } from './route.ts';

/** What a request shows about who sends it. */
export type Call = {
  headers: IncomingHttpHeaders;
  /** The workspace asked for (`X-Workspace-Id`, on GETs also `?workspace_id=`); undefined = the personal one, for a key its own. */
  workspaceId: string | undefined;
};

/**
 * Finds out who calls. Resolves to undefined when no credential is shown. Throws `unauthenticated` for one that is wrong, expired or revoked,
 * and `not_found` for a workspace that is not the caller's.
 */
export type ResolveActor = (call: Call) => Promise<Actor | undefined>;

/** The caller of a route that is not public. */
export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw new AppError('unauthenticated');
  return request.actor;
}

/**
 * The caller in the workspace of the thing an id named: a person finds things in all of their workspaces, but a role in one gives no right in another.
 * Throws when the caller may not use a route of this kind there.
 */
export async function callerAt(request: FastifyRequest, workspaceId: string, access: Access): Promise<Actor> {
  const actor = actorOf(request);
  const there = actor.workspaceId === workspaceId ? actor : await request.actorIn(workspaceId);
  admit(there, access);
  return there;
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

function workspaceAsked(request: FastifyRequest): string | undefined {
  const header = request.headers['x-workspace-id'];
  if (typeof header === 'string' && header !== '') return header;
  if (!safeMethods.has(request.method)) return undefined;
  const { workspace_id: asked } = request.query as { workspace_id?: unknown };
  return typeof asked === 'string' && asked !== '' ? asked : undefined;
}

/** Establishes the caller before anything of the body is read, and refuses those whom the route does not admit. */
export function identifyCallers(app: HttpApp, resolveActor: ResolveActor, hosts: HostRules): void {
  app.decorateRequest('actor', null);
  app.decorateRequest('actorIn', undefined as never);
  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config;
    request.actorIn = async (workspaceId) => {
      const actor = await resolveActor({ headers: request.headers, workspaceId });
      if (!actor) throw new AppError('unauthenticated');
      return actor;
    };
    if (access === undefined || access === 'public') return;
    // A browser sends the cookie on its own; only a page of ours may make it change something.
    const byCookie = request.headers.authorization === undefined;
    if (byCookie && request.headers.cookie !== undefined && !safeMethods.has(request.method)) {
      if (!isOurOrigin(request.headers.origin, request.headers.host, hosts)) throw new AppError('origin_not_allowed');
    }
    const actor = await resolveActor({ headers: request.headers, workspaceId: workspaceAsked(request) });
    if (!actor) throw new AppError('unauthenticated');
    request.actor = actor;
    request.log = request.log.child({ workspace_id: actor.workspaceId });
  });
  // After the limit has counted the call, so that a refused caller cannot hammer for free.
  app.addHook('preParsing', async (request) => {
    const { access } = request.routeOptions.config;
    if (request.actor && access !== undefined) admit(request.actor, access);
  });
}

/** Throws when the caller may not use a route of this kind. */
export function admit(actor: Actor, access: Access): void {
  if (access === 'public') return;
  if (access === 'session') {
    if (actor.kind === 'key') throw new AppError('session_required');
    return;
  }
  if (!actor.scopes.includes(access)) throw new AppError('key_lacks_scope', { facts: { scope: access } });
  if (access === 'generate' && actor.kind === 'key' && actor.plan === 'free') throw new AppError('plan_has_no_api');
  permit(actor, access);
}
