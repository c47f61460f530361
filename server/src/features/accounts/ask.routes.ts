import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { HttpApp } from '#platform/http/route.ts';
import { askForMail, type AccountMailTask } from './ask-for-mail.ts';
import type { AccountsDeps } from './deps.ts';

const Body = z.object({ email: z.string().trim().toLowerCase().pipe(z.email().max(320)) });

/**
 * Asking for a mail to an address. Ours in place of Better Auth's: the answer, and the work before it, are the same whether the address is known or not;
 * a chore finds out and sends.
 */
export function addAskRoutes(app: HttpApp, deps: AccountsDeps): void {
  const ask =
    (task: AccountMailTask, wanted: (user: { email_verified: boolean }) => boolean) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const body = Body.safeParse(readJson(request));
      if (!body.success)
        return reply.code(400).send({ code: 'VALIDATION_ERROR', message: 'An e-mail address is wanted.' });
      const user = await deps.authDb.kysely
        .selectFrom('auth.user')
        .select(['id', 'email_verified'])
        .where('email', '=', body.data.email)
        .executeTakeFirst();
      await askForMail(deps, task, user && wanted(user) ? user.id : null);
      return reply.send({
        status: true,
        message: 'If the address has an account that needs it, a mail is on its way.',
      });
    };
  const options = { config: { access: 'public', limit: 'sign_in' }, schema: { hide: true } } as const;
  app.post(
    '/api/auth/request-password-reset',
    options,
    ask('send_reset_mail', () => true),
  );
  app.post(
    '/api/auth/send-verification-email',
    options,
    ask('send_verification_mail', (user) => !user.email_verified),
  );
}

function readJson(request: FastifyRequest): unknown {
  try {
    return JSON.parse((request.body as Buffer | undefined)?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}
