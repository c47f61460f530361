import { z } from 'zod';
import { actorOf } from '#platform/http/caller.ts';
import type { Routes } from '#platform/http/route.ts';
import { Instant } from '#platform/http/schemas.ts';
import type { AccountsDeps } from '../accounts/index.ts';
import { askToLeave } from './ask-to-leave.ts';
import { stay } from './stay.ts';

const DeleteAccount = z.strictObject({ password: z.string().min(1).max(1_000) }).meta({ id: 'DeleteAccount' });
const AccountDeletion = z.object({ due_at: Instant }).meta({ id: 'AccountDeletion' });

/** Deleting one's account, and staying after all. */
export function departuresRoutes(deps: AccountsDeps): Routes {
  return async (app) => {
    app.post(
      '/api/v1/me/deletion',
      {
        config: { access: 'session', limit: 'sign_in', problems: ['invalid_credentials', 'last_owner'] },
        schema: {
          operationId: 'deleteAccount',
          tags: ['accounts'],
          summary: 'Delete the account in 14 days; it can be taken back until then',
          body: DeleteAccount,
          response: { 202: AccountDeletion },
        },
      },
      async (request, reply) => reply.code(202).send(await askToLeave(deps, actorOf(request), request.body.password)),
    );
    app.delete(
      '/api/v1/me/deletion',
      {
        config: { access: 'session', problems: ['not_found'] },
        schema: {
          operationId: 'keepAccount',
          tags: ['accounts'],
          summary: 'Take the deletion of the account back',
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await stay(deps, actorOf(request));
        return reply.code(204).send(null);
      },
    );
    return Promise.resolve();
  };
}
