import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Actor } from '#platform/actor.ts';
import type { ProblemCode } from '#platform/errors.ts';
import type { LimitName } from '#platform/limits.ts';

/** The HTTP application as features see it: routes are checked and their answers cut by Zod schemas. */
export type HttpApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Adds a feature's routes. */
export type Routes = (app: HttpApp) => void | Promise<void>;

/**
 * Who may call a route.
 * - `public`: nobody is asked who they are.
 * - `read`, `generate`: a session, a JWT, or a key with that scope.
 * - `session`: a person; keys get 403 `session_required`.
 */
export type Access = 'public' | 'read' | 'generate' | 'session';

export type RouteEntry = { method: string; url: string; access: Access };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** The rate limit every call counts against; `read` when not said, `none` for what must always answer. */
    limit?: LimitName | 'none';
    /** Codes of refusal this route has beside those every route has; shown in the document. */
    problems?: readonly ProblemCode[];
  }
  interface FastifyInstance {
    /** Every route the router knows. */
    routeTable: readonly RouteEntry[];
  }
  interface FastifyRequest {
    /** Who calls, or null on public routes. Handlers use `actorOf`. */
    actor: Actor | null;
    /** The same caller in another of their workspaces. */
    actorIn: (workspaceId: string) => Promise<Actor>;
  }
}
