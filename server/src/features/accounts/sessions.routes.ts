import { z } from 'zod';
import { actorOf } from '#platform/http/caller.ts';
import type { HttpApp } from '#platform/http/route.ts';
import type { AccountsDeps } from './deps.ts';
import { endSession } from './end-session.ts';
import { listSessions } from './list-sessions.ts';
import { SignInPage, SignInParams, SignInQuery } from './sessions.schemas.ts';

/** Where a person is signed in, and how to end it. */
export function addSessionRoutes(app: HttpApp, deps: AccountsDeps): void {
  app.get(
    '/api/v1/me/sessions',
    {
      config: { access: 'session' },
      schema: {
        operationId: 'listSessions',
        tags: ['accounts'],
        summary: 'Where the caller is signed in, newest first',
        querystring: SignInQuery,
        response: { 200: SignInPage },
      },
    },
    async (request) => listSessions(deps, actorOf(request), request.query),
  );
  app.delete(
    '/api/v1/me/sessions/:id',
    {
      config: { access: 'session', problems: ['not_found'] },
      schema: {
        operationId: 'endSession',
        tags: ['accounts'],
        summary: 'End a sign-in',
        params: SignInParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await endSession(deps, actorOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
